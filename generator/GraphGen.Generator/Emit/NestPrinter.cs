using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit;

/// <summary>Writes loop nests as C#.</summary>
/// <param name="code">Where to.</param>
/// <param name="fields">What the routine is given.</param>
/// <param name="callsFunctions">Whether functions that are no instruction are called.</param>
internal sealed class NestPrinter(CodeWriter code, CallFields fields, bool callsFunctions)
{
    /// <summary>Rows of a product's right side that are so many floats apart are prefetched by hand.</summary>
    private const int FarRow = 4096;

    /// <summary>The struct that takes the results of a product or a convolution.</summary>
    private string _epilogue = "";

    /// <summary>Where a value of a convolution is stored plane by plane, if one is.</summary>
    private Address? _planes;

    /// <summary>In the epilogue of a convolution, where the vector goes that is stored plane by plane.</summary>
    private const string Turned = "turned";

    /// <summary>Variables that are one number where they are used.</summary>
    private readonly Dictionary<string, Integer> _known = [];

    /// <summary>The methods of a nest.</summary>
    public static void Print(KernelContext context, Nest nest)
    {
        NestPrinter printer = new(context.Code, context.Fields, nest.CallsFunctions)
        {
            _epilogue = EpilogueName(context),
            _planes = nest.Statements.OfType<Statement.StorePlanes>().FirstOrDefault()?.Target,
        };
        if (nest.Epilogue is { } epilogue)
        {
            printer.PrintEpilogue(context, epilogue, nest.Statements.Any(statement => statement is Statement.Convolve));
            context.Code.Line();
        }

        for (int i = 0; i < nest.Routines.Count; i++)
        {
            if (i > 0)
            {
                context.Code.Line();
            }

            context.Code.Line(KernelContext.Optimized);
            using (context.Code.Open($"{KernelContext.Signature(context.Name + nest.Routines[i].Suffix)} {KernelContext.Constraints}"))
            {
                context.Code.Line(context.State);
                printer.Print(nest.Routines[i].Body, "1");
            }
        }
    }

    private static string EpilogueName(KernelContext context) => context.Name + "Epilogue";

    /// <summary>The struct that takes the results of a product or a convolution.</summary>
    private void PrintEpilogue(KernelContext context, Epilogue epilogue, bool isOfConvolution)
    {
        (string type, string given) = isOfConvolution
            ? ("IConvolutionEpilogue", $"int pixel, int channel, TVector {ConvolutionResult.Value}, TVector {ConvolutionResult.Winner}, float* {Turned}")
            : ("ITileEpilogue", $"int batch, int row, int column, TVector {Epilogue.Product}");
        using (code.Open($"private readonly struct {EpilogueName(context)} : {type}"))
        {
            if (isOfConvolution)
            {
                bool hasWinners = epilogue.Body.Any(statement => statement.Computed == new Vector.Register(ConvolutionResult.Winner));
                code.Line($"public static bool HasWinners => {(hasWinners ? "true" : "false")};");
            }
            else
            {
                code.Line($"public static bool IsLong => {(epilogue.IsLong ? "true" : "false")};");
            }

            foreach (string? count in new[] { null, "count" })
            {
                (string method, string parameter) = count is null ? ("Store", "") : ("StorePartial", $", int {count}");
                code.Line();
                code.Line(epilogue.IsCalled ? KernelContext.Called : KernelContext.Inlined);
                using (code.Open($"public static void {method}<TVector, TIsa>(void* state, {given}{parameter}) {KernelContext.Constraints}"))
                {
                    code.Line(context.State);
                    Print(epilogue.Body, count);
                }
            }
        }
    }

    /// <summary>The calls that run a nest.</summary>
    public static IEnumerable<Launch> Launches(string kernel, Nest nest) =>
        nest.Routines.Select(routine => new Launch(kernel + routine.Suffix, IntegerText.Driver.Of(routine.Tasks), IntegerText.Driver.Long(routine.WorkPerTask)));

    /// <summary>Statements at lanes of which so many count.</summary>
    /// <param name="statements">The statements.</param>
    /// <param name="count">How many lanes count, an expression, which outside loops over lanes is 1; <see langword="null"/> for all of them.</param>
    public void Print(IEnumerable<Statement> statements, string? count)
    {
        foreach (Statement statement in statements)
        {
            Print(statement, count);
        }
    }

    private void Print(Statement statement, string? count)
    {
        switch (statement)
        {
            case Statement.Define define:
                code.Line($"int {define.Variable} = {Text(define.Value)};");
                break;
            case Statement.DefineSlice slice:
                code.Line($"(int {slice.Begin}, int {slice.End}) = RowSlices.Range({Text(slice.Length)}, {Number(slice.Most)}, {Text(slice.Slice)});");
                break;
            case Statement.Let let:
                code.Line($"TVector {let.Register} = {Text(let.Value, count)};");
                break;
            case Statement.Set set:
                code.Line($"{set.Register} = {Text(set.Value, count)};");
                break;
            case Statement.Accumulate accumulate:
                string element = Text(accumulate.Element, count);
                string counted = count is null ? element : $"TIsa.Select(TIsa.GreaterThan(TIsa.Broadcast((float){count}), TIsa.Iota), {element}, {KernelContext.Vector(accumulate.Function.Neutral)})";
                code.Line($"{accumulate.Register} = {accumulate.Function.Instruction(accumulate.Register, counted)};");
                break;
            case Statement.AddBlock block:
                code.Line($"CompensatedSum.Add<TVector, TIsa>(ref {block.Sum}, ref {block.Lost}, {block.Block});");
                break;
            case Statement.Store store:
                PrintStore(store, count);
                break;
            case Statement.Loop loop:
                using (code.Open($"for (int {loop.Variable} = {Text(loop.From)}; {loop.Variable} < {Text(loop.To)}; {loop.Variable}++)"))
                {
                    Print(loop.Body, count);
                }

                break;
            case Statement.Blocks blocks:
                PrintBlocks(blocks, count);
                break;
            case Statement.IfEqual choice:
                using (code.Open($"if ({Text(choice.Left)} == {Text(choice.Right)})"))
                {
                    Print(choice.Then, count);
                }

                using (code.Open("else"))
                {
                    Print(choice.Else, count);
                }

                break;
            case Statement.Lanes lanes:
                PrintLanes(lanes);
                break;
            case Statement.Multiply multiply:
                PrintMultiply(multiply);
                break;
            case Statement.Pack pack:
                code.Line($"OuterProducts.Pack<TVector, TIsa>({Pointer(pack.Right.First)}, {Number(pack.Right.Row)}, {Number(pack.Right.Column)}, {Text(pack.Depth)}, {Text(pack.Block.From)}, {Text(pack.Block.To)}, {Number(pack.Columns)}, {Pointer(pack.Panels)});");
                break;
            case Statement.StorePlanes store:
                // There is room for a whole vector: the runtime turns those of a row of pixels.
                code.Line($"TIsa.Store({Turned}, {Text(store.Value, count)});");
                break;
            case Statement.LayOut layOut:
                code.Line($"{GeometryText.Of(layOut.Layout)}.CopyRows({Pointer(layOut.From)}, {Pointer(layOut.To)}, {Text(layOut.FirstRow)}, {Text(layOut.EndRow)});");
                break;
            case Statement.PackWeights pack:
                PrintPackWeights(pack);
                break;
            case Statement.Convolve convolve:
                PrintConvolve(convolve);
                break;
            default:
                throw new InvalidOperationException($"{statement.GetType().Name} is no statement of a nest.");
        }
    }

    /// <summary>The end of the last block may be the largest integer: nothing is added to it.</summary>
    private void PrintBlocks(Statement.Blocks blocks, string? count)
    {
        string to = Text(blocks.To);
        using (code.Open($"for (int {blocks.Variable} = {Text(blocks.From)}, {blocks.Stop}; {blocks.Variable} < {to}; {blocks.Variable} = {blocks.Stop})"))
        {
            code.Line($"{blocks.Stop} = {blocks.Variable} + Math.Min({Text(blocks.Size)}, {to} - {blocks.Variable});");
            Print(blocks.Body, count);
        }
    }

    /// <summary>Whole vectors, and then a part of one.</summary>
    private void PrintLanes(Statement.Lanes lanes)
    {
        string variable = lanes.Variable;
        string to = Text(lanes.To);
        if (lanes.IsPart)
        {
            using (code.Open(""))
            {
                _known[variable] = lanes.From;
                Print(lanes.Body, Text(lanes.To));
                _known.Remove(variable);
            }

            return;
        }

        string whole = $"{variable} <= {to} - TIsa.Width; {variable} += TIsa.Width";
        if (lanes.IsWhole)
        {
            using (code.Open($"for (int {variable} = {Text(lanes.From)}; {whole})"))
            {
                Print(lanes.Body, null);
            }

            return;
        }

        code.Line($"int {variable} = {Text(lanes.From)};");
        using (code.Open($"for (; {whole})"))
        {
            Print(lanes.Body, null);
        }

        using (code.Open($"if ({variable} < {to})"))
        {
            code.Line($"int count = {to} - {variable};");
            Print(lanes.Body, "count");
        }
    }

    private void PrintMultiply(Statement.Multiply multiply)
    {
        using (code.Open("ProductBlock block = new()", "};"))
        {
            code.Line($"Left = {Pointer(multiply.Left.First)},");
            code.Line($"LeftRow = {Number(multiply.Left.Row)},");
            code.Line($"LeftColumn = {Number(multiply.Left.Column)},");
            code.Line($"Right = {Pointer(multiply.Right.First)},");
            switch (multiply.Method)
            {
                case ProductMethod.DotProducts:
                    code.Line($"RightColumn = {Number(multiply.Right.Column)},");
                    break;
                case ProductMethod.OuterProducts:
                    code.Line($"RightRow = {Number(multiply.Right.Row)},");
                    break;
                default:
                    code.Line("IsPacked = true,");
                    break;
            }

            if (multiply is { Method: ProductMethod.OuterProducts, Right.Row: >= FarRow, Depth: Integer.Literal })
            {
                code.Line("IsFar = true,");
            }

            code.Line($"Depth = {Text(multiply.Depth)},");
            code.Line($"Columns = {Number(multiply.Columns)},");
            if (multiply.Batch != Integer.Zero)
            {
                code.Line($"Batch = {Text(multiply.Batch)},");
            }

            code.Line($"FirstRow = {Text(multiply.Rows.From)},");
            code.Line($"EndRow = {Text(multiply.Rows.To)},");
            code.Line($"FirstColumn = {Text(multiply.Block.From)},");
            code.Line($"EndColumn = {Text(multiply.Block.To)},");
        }

        string products = multiply.Method == ProductMethod.DotProducts ? "DotProducts" : "OuterProducts";
        code.Line($"{products}.Multiply<TVector, TIsa, {_epilogue}>(call, in block);");
    }

    private void PrintPackWeights(Statement.PackWeights pack)
    {
        (string weight, string panels) = (Pointer(pack.Weight), Pointer(pack.Panels));
        if (pack.Order == WeightOrder.Transformed)
        {
            code.Line($"Winograd.PackWeights<TVector, TIsa>({weight}, {Number(pack.Shape.Channels)}, {panels}, {Text(pack.Number)});");
            return;
        }

        string method = pack.Order == WeightOrder.Flipped ? "PackFlipped" : "Pack";
        code.Line($"ConvolutionWeights.{method}<TVector, TIsa>({GeometryText.Of(pack.Shape)}, {weight}, {panels}, {Text(pack.Number)});");
    }

    private void PrintConvolve(Statement.Convolve convolve)
    {
        using (code.Open("ConvolutionBlock block = new()", "};"))
        {
            code.Line($"Shape = {GeometryText.Of(convolve.Shape)},");
            code.Line($"Input = {Pointer(convolve.Input)},");
            code.Line($"Weights = {Pointer(convolve.Panels)},");
            if (_planes is not null)
            {
                code.Line($"Planes = {fields.Pointer(_planes.Place)},");
            }

            code.Line($"Image = {Text(convolve.Image)},");
            code.Line($"First = {Text(convolve.Results.From)},");
            code.Line($"End = {Text(convolve.Results.To)},");
            code.Line($"FirstChannel = {Text(convolve.Channels.From)},");
            code.Line($"EndChannel = {Text(convolve.Channels.To)},");
        }

        string convolution = convolve.Method == ConvolutionMethod.Winograd ? "WinogradConvolution" : "DirectConvolution";
        code.Line($"{convolution}.Convolve<TVector, TIsa, {_epilogue}>(call, in block);");
    }

    private void PrintStore(Statement.Store store, string? count)
    {
        if (store.Target.Place.Type == DataType.Byte)
        {
            string bytes = Pointer(store.Target, isVector: false);
            code.Line(count is null ? $"TIsa.StoreBytes({bytes}, {Text(store.Value, count)});" : $"TIsa.StoreBytesPartial({bytes}, {Text(store.Value, count)}, {count});");
            return;
        }

        string target = Pointer(store.Target);
        code.Line(
            store.Target.Place.Type == DataType.Byte ? count is null ? $"TIsa.StoreBytes({target}, {Text(store.Value, count)});" : $"TIsa.StoreBytesPartial({target}, {Text(store.Value, count)}, {count});"
            : store.Value is Vector.Across across ? $"*({Pointer(store.Target, isVector: false)}) = {AcrossLanes(across, count)};"
            : count is null ? $"TIsa.Store({target}, {Text(store.Value, count)});"
            : $"TIsa.StorePartial({target}, {Text(store.Value, count)}, {count});");
    }

    /// <summary>A vector, as an expression.</summary>
    public string Text(Vector vector, string? count) => vector switch
    {
        Vector.Register register => register.Name,
        Vector.Number number => KernelContext.Vector(number.Value),
        Vector.FromInteger { Value: Integer.Literal literal } => KernelContext.Vector(literal.Value),
        Vector.FromInteger integer => $"TIsa.Broadcast({Text(integer.Value)})",
        Vector.Inverse inverse => $"TIsa.Broadcast(1f / {IntegerText.Routine.Factor(Known(inverse.Divisor))})",
        Vector.Whole whole => $"TIsa.BroadcastBits({Number(whole.Value)})",
        Vector.Load load => Load(load, count),
        Vector.Positions { Stride: 0 } positions => $"TIsa.BroadcastBits({Text(positions.First)})",
        Vector.Positions { Stride: 1 } positions => $"TIsa.AddBits(TIsa.BroadcastBits({Text(positions.First)}), TIsa.ToBits(TIsa.Iota))",
        Vector.Positions positions => $"TIsa.AddBits(TIsa.BroadcastBits({Text(positions.First)}), TIsa.ToBits(TIsa.Multiply(TIsa.Iota, TIsa.Broadcast({Number(positions.Stride)}f))))",
        Vector.Uniform uniform => $"SimdMath.Uniform<TVector, TIsa>(call->Pass->Key + {fields.Draw(uniform.Draw)}, (uint)({Text(uniform.First)}){(uniform.Stride == 1 ? "" : $", {Number((uint)uniform.Stride)}u")})",
        Vector.InverseCount { Factor: 1 } => $"TIsa.Broadcast(1f / {KernelContext.SamplesOfCall})",
        Vector.InverseCount inverse => $"TIsa.Broadcast(1f / ({Number(inverse.Factor)}f * {KernelContext.SamplesOfCall}))",
        Vector.Unary unary => unary.Function.Instruction?.Invoke(Text(unary.X, count)) ?? $"SimdMath{(callsFunctions ? "Calls" : "")}.{unary.Function.Name}<TVector, TIsa>({Text(unary.X, count)})",
        Vector.Binary binary => binary.Function.Instruction(Text(binary.Left, count), Text(binary.Right, count)),
        Vector.Combined combined => combined.Function.Instruction(Text(combined.Left, count), Text(combined.Right, count)),
        Vector.Select select => $"TIsa.Select({select.Comparison.Mask(select.Type, Text(select.A, count), Text(select.B, count))}, {Text(select.X, count)}, {Text(select.Y, count)})",
        Vector.Mask mask => mask.Comparison.Mask(DataType.Float, Text(mask.A, count), Text(mask.B, count)),
        Vector.Choice choice => $"TIsa.Select({Text(choice.Where, count)}, {Text(choice.X, count)}, {Text(choice.Y, count)})",
        Vector.Accumulated accumulated => $"{fields.HasBegun(accumulated.Parameter)} ? TIsa.Add({Load(new Vector.Load(accumulated.Target, 1), count)}, {Text(accumulated.Value, count)}) : {Text(accumulated.Value, count)}",
        Vector.Total total => $"CompensatedSum.Total<TVector, TIsa>({total.Sum}, {total.Lost})",
        Vector.Across across => $"TIsa.Broadcast({AcrossLanes(across, count)})",
        Vector.AcrossSlices slices => $"TIsa.Broadcast({slices.Function.AcrossSlices(Pointer(slices.Parts), Text(slices.Count))})",
        _ => throw new InvalidOperationException($"{vector.GetType().Name} is no vector of a nest."),
    };

    private string AcrossLanes(Vector.Across across, string? count) => across.Function.Across(Text(across.Lanes, count));

    private string Text(Integer integer) => IntegerText.Routine.Of(Known(integer));

    private Integer Known(Integer integer) => _known.Aggregate(integer, (known, pair) => known.With(pair.Key, pair.Value));

    private string Load(Vector.Load load, string? count)
    {
        string pointer = Pointer(load.First);
        if (load.First.Place.Type == DataType.Byte)
        {
            return count is null ? $"TIsa.LoadBytes({pointer})" : $"TIsa.LoadBytesPartial({pointer}, {count})";
        }

        string broadcast = load.First.Place.Type == DataType.Int32 ? "TIsa.BroadcastBits" : "TIsa.Broadcast";
        return load.Stride switch
        {
            0 when Known(load.First.Offset) == Integer.Zero => $"{broadcast}(*{fields.Pointer(load.First.Place)})",
            0 => $"{broadcast}({fields.Pointer(load.First.Place)}[{Text(load.First.Offset)}])",
            1 => count is null ? $"TIsa.Load({pointer})" : $"TIsa.LoadPartial({pointer}, {count})",
            _ => count is null ? $"TIsa.LoadStrided({pointer}, {Number(load.Stride)})" : $"TIsa.LoadStridedPartial({pointer}, {Number(load.Stride)}, {count})",
        };
    }

    /// <summary>A pointer by which vectors are loaded and stored: a lane holds the bits of an integer as they are, and of a byte its value.</summary>
    private string Pointer(Address address, bool isVector = true)
    {
        Integer offset = Known(address.Offset);
        string pointer = offset == Integer.Zero ? fields.Pointer(address.Place) : $"{fields.Pointer(address.Place)} + {IntegerText.Routine.Term(offset)}";
        return address.Place.Type == DataType.Float || address.Place.Type == DataType.Byte || !isVector ? pointer : $"(float*)({pointer})";
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
