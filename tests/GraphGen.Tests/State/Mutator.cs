using System.Buffers.Binary;
using System.Text;

namespace GraphGen.Tests.State;

/// <summary>Damages files, each seed in its own way: as a disk would, as a careless writer would, and as somebody who means it would.</summary>
internal sealed class Mutator(int seed)
{
    /// <summary>What somebody may put where a number or a text was.</summary>
    private static readonly string[] Hostile =
    [
        "-1", "0", "1", "4", "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "1e400", "-1e400", "1e-400", "1.5", "0.0", "1E2", "NaN", "Infinity", "-Infinity", "\"NaN\"", "\"Infinity\"", "null", "true", "false", "[]", "{}", "[0]", "[null]",
        "\"\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"F32\"", "\"F64\"", "\"I64\"", "\"BOOL\"", "\"F8_E4M3\"", "\"\\u0000\"", "[[[[[[[[0]]]]]]]]", "01", "+1", "0x10", "'a'", "", ",", ":", "/**/",
        "[2147483647,2147483647]", "[2147483647,2147483647,2147483647]", "[4294967296]", "[0,9223372036854775807]", "[9223372036854775800,9223372036854775807]",
    ];

    private readonly Random _random = new(seed);

    public byte[] Damage(byte[] file)
    {
        byte[] damaged = [.. file];
        int times = 1 + _random.Next(3);
        for (int i = 0; i < times; i++)
        {
            damaged = _random.Next(17) switch
            {
                0 => damaged[.._random.Next(damaged.Length + 1)],
                1 => [.. damaged, .. Bytes(1 + _random.Next(40))],
                2 => Flip(damaged, damaged.Length),
                3 => Flip(damaged, Math.Min(damaged.Length, 16)),
                4 => Length(damaged),
                5 => Splice(damaged),
                6 => WithHeader(damaged, header => Encoding.UTF8.GetBytes(Replace(Latin(header), IsDigit))),
                7 => WithHeader(damaged, header => Encoding.UTF8.GetBytes(Replace(Latin(header), IsValue))),
                8 => WithHeader(damaged, header => Flip(header, header.Length)),
                9 => WithHeader(damaged, Splice),
                10 => WithHeader(damaged, Nest),
                11 => WithHeader(damaged, Swap),
                12 => WithHeader(damaged, header => Encoding.UTF8.GetBytes(Nudge(Latin(header)))),
                13 => WithHeader(damaged, Twice),
                _ => WithText(damaged),
            };
        }

        return damaged;
    }

    private static bool IsDigit(char c) => c is >= '0' and <= '9';

    private static bool IsValue(char c) => c is not (':' or ',' or '[' or ']' or '{' or '}');

    private static string Latin(byte[] header) => Encoding.UTF8.GetString(header);

    private byte[] Bytes(int count)
    {
        byte[] bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private byte[] Flip(byte[] bytes, int within)
    {
        byte[] flipped = [.. bytes];
        for (int i = _random.Next(1, 5); i > 0 && within > 0; i--)
        {
            flipped[_random.Next(within)] ^= (byte)(1 << _random.Next(8));
        }

        return flipped;
    }

    /// <summary>Another length of the header.</summary>
    private byte[] Length(byte[] file)
    {
        byte[] changed = [.. file];
        if (changed.Length >= 8)
        {
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(changed);
            ulong[] choices = [0, 1, length - 1, length + 1, (ulong)changed.Length - 8, (ulong)changed.Length, 100_000_000, 1UL << 31, (1UL << 32) + length, (1UL << 63) + length, ulong.MaxValue, ulong.MaxValue - 7];
            BinaryPrimitives.WriteUInt64LittleEndian(changed, choices[_random.Next(choices.Length)]);
        }

        return changed;
    }

    /// <summary>A piece taken out, or put somewhere else, or over something else.</summary>
    private byte[] Splice(byte[] bytes)
    {
        int start = _random.Next(bytes.Length + 1);
        int end = Math.Min(bytes.Length, start + _random.Next(1, 64));
        int place = _random.Next(bytes.Length + 1);
        return _random.Next(3) switch
        {
            0 => [.. bytes[..start], .. bytes[end..]],
            1 => [.. bytes[..place], .. bytes[start..end], .. bytes[place..]],
            _ => [.. bytes[..place], .. bytes[start..end], .. bytes[Math.Min(bytes.Length, place + end - start)..]],
        };
    }

    /// <summary>Something hostile in the place of a number or a value.</summary>
    private string Replace(string header, Func<char, bool> belongs)
    {
        int place = _random.Next(header.Length + 1);
        while (place < header.Length && !belongs(header[place]))
        {
            place++;
        }

        int start = place;
        while (start > 0 && belongs(header[start - 1]))
        {
            start--;
        }

        int end = place;
        while (end < header.Length && belongs(header[end]))
        {
            end++;
        }

        return header[..start] + Hostile[_random.Next(Hostile.Length)] + header[end..];
    }

    /// <summary>A number that is one off, twice as much, or its own negative: offsets that overlap, shapes that do not fit.</summary>
    private string Nudge(string header)
    {
        int place = _random.Next(header.Length + 1);
        while (place < header.Length && !IsDigit(header[place]))
        {
            place++;
        }

        int end = place;
        while (end < header.Length && IsDigit(header[end]) && end < place + 15)
        {
            end++;
        }

        if (place == end)
        {
            return header;
        }

        long number = long.Parse(header[place..end]);
        long[] choices = [number + 1, number - 1, number + 4, number * 2, -number, number / 2];
        return header[..place] + choices[_random.Next(choices.Length)] + header[end..];
    }

    /// <summary>Deep nesting, closed or not.</summary>
    private byte[] Nest(byte[] header)
    {
        int depth = _random.Next(1, 2000);
        (string open, string close) = _random.Next(2) == 0 ? ("[", "]") : ("{\"a\":", "}");
        string nested = string.Concat(Enumerable.Repeat(open, depth)) + "1" + (_random.Next(2) == 0 ? string.Concat(Enumerable.Repeat(close, depth)) : "");
        int place = _random.Next(header.Length + 1);
        return _random.Next(2) == 0
            ? [.. header[..place], .. Encoding.UTF8.GetBytes(nested), .. header[place..]]
            : Encoding.UTF8.GetBytes(Latin(header).Replace("\"shape\":", "\"later\":" + nested + ",\"shape\":"));
    }

    /// <summary>Two words of the header changed for each other.</summary>
    private byte[] Swap(byte[] header)
    {
        string[] words = ["dtype", "shape", "data_offsets", "__metadata__", "F32", "F64", "param_groups", "model", "optimizer", "state", "momentum_buffer", "weight", "bias", "fc1", "fc2", "lr", "params", "settings", "step_count"];
        string one = words[_random.Next(words.Length)];
        string other = words[_random.Next(words.Length)];
        string text = Latin(header);
        int at = text.IndexOf(one, _random.Next(text.Length + 1), StringComparison.Ordinal);
        return at < 0 ? Encoding.UTF8.GetBytes(text.Replace(one, other)) : Encoding.UTF8.GetBytes(text[..at] + other + text[(at + one.Length)..]);
    }

    /// <summary>A tensor or a text twice.</summary>
    private byte[] Twice(byte[] header)
    {
        string text = Latin(header);
        int start = text.IndexOf(",\"", _random.Next(text.Length + 1), StringComparison.Ordinal);
        int end = start < 0 ? -1 : text.IndexOf(",\"", start + 1, StringComparison.Ordinal);
        return end < 0 ? header : Encoding.UTF8.GetBytes(text[..end] + text[start..end] + text[end..]);
    }

    /// <summary>Something else in one of the metadata's texts, which are JSON themselves: the file around it stays right.</summary>
    private byte[] WithText(byte[] file)
    {
        StateDict dict;
        try
        {
            dict = StateFile.Read(file);
        }
        catch (StateDictException)
        {
            return file;
        }

        if (dict.Metadata.Count == 0)
        {
            return Flip(file, file.Length);
        }

        string name = dict.Metadata.Keys.ElementAt(_random.Next(dict.Metadata.Count));
        string text = dict.Metadata[name];
        dict.Metadata[name] = _random.Next(5) switch
        {
            0 => Replace(text, IsDigit),
            1 => Replace(text, IsValue),
            2 => Nudge(text),
            3 => Latin(Splice(Encoding.UTF8.GetBytes(text))),
            _ => Latin(Nest(Encoding.UTF8.GetBytes(text))),
        };
        return StateFile.Write(dict);
    }

    /// <summary>Changes the header, and its length with it: so that what is read is the header.</summary>
    private static byte[] WithHeader(byte[] file, Func<byte[], byte[]> change)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadUInt64LittleEndian(file) > (ulong)file.Length - 8)
        {
            return file;
        }

        (byte[] header, byte[] data) = StateFile.Split(file);
        return StateFile.Make(change(header), data);
    }
}
