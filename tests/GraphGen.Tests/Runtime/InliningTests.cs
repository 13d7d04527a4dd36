using System.Diagnostics.Tracing;
using System.Reflection;
using System.Runtime.CompilerServices;
using GraphGen.Simd;
using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Runtime;

/// <summary>A product whose epilogue is an error function for each of a tile's sixteen vectors; training stores what it is made of.</summary>
[Model]
public sealed partial class InlinedGelu
{
    [Linear(64)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 64, 64)] Tensor x) => Gelu(Fc(x));
}

/// <summary>An epilogue of five functions, as a recurrent network's gates have, with columns left over from whole vectors.</summary>
[Model]
public sealed partial class InlinedGates
{
    [Linear(67)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 64, 64)] Tensor x)
    {
        Tensor y = Fc(x);
        return (Sigmoid(y) * Tanh(y + 1)) + (Sigmoid(y - 1) * Tanh(Sigmoid(y * 2)));
    }
}

/// <summary>Thirty functions of one element, in an epilogue and along rows that have a tail.</summary>
[Model]
public sealed partial class InlinedChain
{
    [Linear(67)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 64, 64)] Tensor x)
    {
        Tensor y = x;
        for (int i = 0; i < 30; i++)
        {
            y = Tanh(y) + 0.1f;
        }

        y = Fc(y);
        for (int i = 0; i < 30; i++)
        {
            y = Exp(y) - 1;
        }

        return y;
    }
}

/// <summary>Convolutions that are made directly and by transforms, pooled with winners and without, with functions in their epilogues and channels left over.</summary>
[Model]
public sealed partial class InlinedConvolutions
{
    [Conv2d(3, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Conv2d(64, 35, Kernel = 1)] private partial Tensor Conv3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 18, 18)] Tensor x)
    {
        x = MaxPool2d(Gelu(Conv1(x)), 2);
        x = MaxPool2d(Tanh(Conv2(x)), 2);
        return Gelu(Conv3(x));
    }
}

/// <summary>Its kernels are compiled last: once they are reported, so are the others.</summary>
[Model]
public sealed partial class InlinedLast
{
    [Linear(64)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 64, 64)] Tensor x) => Fc(x);
}

/// <summary>
/// A kernel is compiled once, fully optimised. A vector operation in it that the JIT does not inline is a call for good, of a method that
/// begins in the lowest tier: thirty times slower.
/// </summary>
public sealed class InliningTests
{
    [Theory]
    [InlineData(typeof(SimdMath))]
    [InlineData(typeof(SimdMathCalls))]
    [InlineData(typeof(CompensatedSum))]
    [InlineData(typeof(DotProducts))]
    [InlineData(typeof(OuterProducts))]
    [InlineData(typeof(DirectConvolution))]
    [InlineData(typeof(ConvolutionWeights))]
    [InlineData(typeof(WinogradConvolution))]
    [InlineData(typeof(Winograd))]
    public void Vector_functions_are_inlined_or_compiled_once_and_fully(Type type)
    {
        const MethodImplAttributes Once = MethodImplAttributes.AggressiveOptimization | MethodImplAttributes.NoInlining;
        MethodInfo[] methods = type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
        Assert.NotEmpty(methods);
        Assert.All(methods, method =>
        {
            MethodImplAttributes flags = method.MethodImplementationFlags;
            Assert.True(
                flags.HasFlag(MethodImplAttributes.AggressiveInlining) || (flags & Once) == Once,
                $"{type.Name}.{method.Name} is {flags}: it would begin in the lowest tier.");
        });
    }

    [Fact]
    public void Kernels_with_long_epilogues_and_chains_have_every_vector_operation_inlined()
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled)
        {
            return;
        }

        using InliningListener listener = new();
        float[] x = new float[2 * 64 * 64];
        InlinedGelu gelu = new(maxBatch: 2, seed: 1);
        gelu.Forward(x);
        gelu.Backward(new float[2 * 64 * 64]);
        InlinedGates gates = new(maxBatch: 2, seed: 1);
        gates.Forward(x);
        gates.Backward(new float[2 * 64 * 67]);
        gates.Predict(x);
        InlinedChain chain = new(maxBatch: 2, seed: 1);
        chain.Forward(x);
        chain.Backward(new float[2 * 64 * 67]);
        chain.Predict(x);
        InlinedConvolutions convolutions = new(maxBatch: 2, seed: 1);
        float[] images = new float[2 * 3 * 18 * 18];
        convolutions.Forward(images);
        convolutions.Backward(new float[2 * 35 * 3 * 3]);
        convolutions.Predict(images);
        new InlinedLast(maxBatch: 2, seed: 1).Predict(x);

        (IReadOnlyCollection<string> inlined, IReadOnlyCollection<string> refused) = listener.Wait(nameof(InlinedLast) + "Kernels");
        Assert.Contains(inlined, type => type.EndsWith(nameof(InlinedGelu) + "Kernels", StringComparison.Ordinal));
        Assert.Contains(inlined, type => type.EndsWith(nameof(InlinedGates) + "Kernels", StringComparison.Ordinal));
        Assert.Contains(inlined, type => type.EndsWith(nameof(InlinedChain) + "Kernels", StringComparison.Ordinal));
        Assert.Contains(inlined, type => type.EndsWith(nameof(DirectConvolution), StringComparison.Ordinal));
        Assert.Contains(inlined, type => type.EndsWith(nameof(WinogradConvolution), StringComparison.Ordinal));
        Assert.Contains(inlined, type => type.EndsWith("ConvolutionResults", StringComparison.Ordinal));
        Assert.True(refused.Count == 0, string.Join("\n", refused));
    }

    /// <summary>Collects what the JIT reports of inlining into generated kernels, and into the products that their epilogues are inlined into.</summary>
    private sealed class InliningListener : EventListener
    {
        private const EventKeywords JitTracing = (EventKeywords)0x1000;

        private static readonly Type[] Products = [typeof(OuterProducts), typeof(DirectConvolution), typeof(WinogradConvolution), .. Internal("PanelTile", "ConvolutionResults", "MaxPooling")];

        private readonly Lock _lock = new();
        private readonly HashSet<string> _inlined = [];
        private readonly List<string> _refused = [];

        private static IEnumerable<Type> Internal(params string[] names) => names.Select(name => typeof(OuterProducts).Assembly.GetType($"GraphGen.Simd.{name}", throwOnError: true)!);

        /// <summary>What was inlined into, and what was not, once something was inlined into methods of a type whose name ends so.</summary>
        public (IReadOnlyCollection<string> Inlined, IReadOnlyCollection<string> Refused) Wait(string lastType)
        {
            bool IsReported()
            {
                lock (_lock)
                {
                    return _inlined.Any(type => type.EndsWith(lastType, StringComparison.Ordinal));
                }
            }

            Assert.True(SpinWait.SpinUntil(IsReported, TimeSpan.FromMinutes(2)), "The JIT has not reported the last kernel.");
            lock (_lock)
            {
                return ([.. _inlined], [.. _refused]);
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime")
            {
                EnableEvents(eventSource, EventLevel.Verbose, JitTracing);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            string Value(string name) => (string?)eventData.Payload![eventData.PayloadNames!.IndexOf(name)] ?? "";
            bool isInlined = eventData.EventName!.StartsWith("MethodJitInliningSucceeded", StringComparison.Ordinal);
            if (!isInlined && !eventData.EventName.StartsWith("MethodJitInliningFailed", StringComparison.Ordinal))
            {
                return;
            }

            string type = Value("MethodBeingCompiledNamespace");
            if (!type.StartsWith("GraphGen.Generated.", StringComparison.Ordinal) && !Products.Any(product => type.StartsWith(product.FullName!, StringComparison.Ordinal)))
            {
                return;
            }

            string inlinee = Value("InlineeNamespace");
            bool isMeantToBeCalled = !isInlined && Value("FailReason").StartsWith("noinline per IL", StringComparison.Ordinal);
            bool isOperation = (inlinee.StartsWith("GraphGen.Simd.", StringComparison.Ordinal) || inlinee.EndsWith("Epilogue", StringComparison.Ordinal)) && !isMeantToBeCalled;
            lock (_lock)
            {
                if (isInlined)
                {
                    _inlined.Add(type);
                }
                else if (isOperation)
                {
                    _refused.Add($"{type}.{Value("MethodBeingCompiledName")}: {inlinee}.{Value("InlineeName")}, {Value("FailReason")}");
                }
            }
        }
    }
}
