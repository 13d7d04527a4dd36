namespace GraphGen.Generator.Emit.Kernels;

/// <summary>The sums that a register tile holds for one of its rows.</summary>
/// <param name="Offset">Where the row begins, in floats.</param>
/// <param name="Sums">A local for each vector of output channels, one or two.</param>
internal readonly record struct TileRow(int Offset, IReadOnlyList<string> Sums);

/// <summary>The inner loop of convolutions: rows of floats times a panel [length][two vectors of output channels], added to sums in registers.</summary>
internal static class PanelProducts
{
    /// <summary>Rows whose sums registers hold: 12 x 2 vectors leave 8 of 32 to weights and broadcasts; 6 x 2 leave 4 of 16.</summary>
    public static int MostRows(int registers) => registers == 32 ? 12 : 6;

    /// <summary>Declares the sums.</summary>
    public static void EmitZeros(CodeWriter code, IEnumerable<TileRow> rows)
    {
        foreach (TileRow row in rows)
        {
            code.Line($"TVector {string.Join(", ", row.Sums.Select(sum => $"{sum} = TIsa.Zero"))};");
        }

        code.Line();
    }

    /// <summary>For each float of a row one or two vectors of weights against a broadcast; moves both pointers to the end.</summary>
    public static void EmitLoop(CodeWriter code, string x, string weight, int length, IReadOnlyList<TileRow> rows)
    {
        int unroll = Unroll(length, rows.Count);
        using (code.Open(length > unroll ? $"for (int k = 0; k < {length}; {(unroll == 1 ? "k++" : $"k += {unroll}")})" : ""))
        {
            for (int u = 0; u < unroll; u++)
            {
                string suffix = unroll > 1 ? $"{u}" : "";
                for (int vector = 0; vector < rows[0].Sums.Count; vector++)
                {
                    code.Line($"TVector {"ab"[vector]}{suffix} = TIsa.Load({weight}{Offsets.Plus(0, (2 * u) + vector)});");
                }

                for (int i = 0; i < rows.Count; i++)
                {
                    string value = $"x{suffix}_{i}";
                    code.Line($"TVector {value} = TIsa.Broadcast({x}[{rows[i].Offset + u}]);");
                    for (int vector = 0; vector < rows[i].Sums.Count; vector++)
                    {
                        string sum = rows[i].Sums[vector];
                        code.Line($"{sum} = TIsa.FusedMultiplyAdd({value}, {"ab"[vector]}{suffix}, {sum});");
                    }
                }
            }

            code.Line(unroll == 1 ? $"{x}++;" : $"{x} += {unroll};");
            code.Line($"{weight} += {2 * unroll} * TIsa.Width;");
        }
    }

    /// <summary>Floats of a row in a turn of the loop: a divisor of its length that makes about 48 multiplications.</summary>
    private static int Unroll(int length, int rows)
    {
        int limit = Math.Max(1, 24 / rows);
        return Enumerable.Range(1, Math.Min(limit, length)).Last(unroll => length % unroll == 0);
    }
}
