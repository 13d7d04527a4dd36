using System.Collections;
using System.Reflection;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Incremental;

/// <summary>
/// What runs again after an edit, in a project with ten models. Reasons: a step is <c>Cached</c> when none of its inputs
/// changed, <c>Unchanged</c> when it ran and made an equal result, <c>Modified</c> when its result differs.
/// </summary>
public sealed class IncrementalTests
{
    private const int Models = 10;
    private const string Elsewhere = "public static class Elsewhere { public static int Size() { return 1; } }";

    [Fact]
    public void An_edit_in_another_file_runs_nothing_after_the_reader()
    {
        Run run = new(Elsewhere, ModelFile());
        run.Edit(0, source => source.Replace("return 1;", "int two = 2; return two;", StringComparison.Ordinal));

        // C# can mean something else after any edit, so models are read again, and found equal.
        run.AssertReasons(GraphGenGenerator.ReadStep, IncrementalStepRunReason.Unchanged);
        run.AssertReasons(GraphGenGenerator.ModelStep, IncrementalStepRunReason.Cached);
        run.AssertReasons(GraphGenGenerator.CompileStep, IncrementalStepRunReason.Cached);
        run.AssertReasons(GraphGenGenerator.SourceStep, IncrementalStepRunReason.Cached);
        run.AssertOutputsCached();
    }

    [Fact]
    public void Lines_that_move_change_positions_and_nothing_else()
    {
        Run run = new(Elsewhere, ModelFile());
        run.Edit(1, source => "// A comment over the models.\n\n" + source);

        run.AssertReasons(GraphGenGenerator.ReadStep, IncrementalStepRunReason.Modified);
        run.AssertReasons(GraphGenGenerator.ModelStep, IncrementalStepRunReason.Unchanged);
        run.AssertReasons(GraphGenGenerator.CompileStep, IncrementalStepRunReason.Cached);
        run.AssertReasons(GraphGenGenerator.SourceStep, IncrementalStepRunReason.Cached);
        run.AssertOutputsCached();
    }

    [Fact]
    public void Layout_inside_a_body_is_no_change_of_the_model()
    {
        Run run = new(Elsewhere, ModelFile());
        run.Edit(1, source => source.Replace("=> Output(", "=>   // the network\n            Output(", StringComparison.Ordinal));

        run.AssertReasons(GraphGenGenerator.ModelStep, IncrementalStepRunReason.Unchanged);
        run.AssertReasons(GraphGenGenerator.CompileStep, IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void A_changed_model_is_the_only_one_compiled_again()
    {
        Run run = new(Elsewhere, ModelFile());
        run.Edit(1, source => source.Replace("[Linear(13)]", "[Linear(33)]", StringComparison.Ordinal));

        Assert.Equal(
            Enumerable.Range(0, Models).Select(i => i == 3 ? IncrementalStepRunReason.Modified : IncrementalStepRunReason.Unchanged),
            run.Reasons(GraphGenGenerator.ModelStep).Select(reason => reason == IncrementalStepRunReason.Cached ? IncrementalStepRunReason.Unchanged : reason));
        Assert.Equal(1, run.Reasons(GraphGenGenerator.CompileStep).Count(reason => reason != IncrementalStepRunReason.Cached));
        Assert.Equal(1, run.Reasons(GraphGenGenerator.SourceStep).Count(reason => reason != IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void A_renamed_local_is_no_change_of_the_sources_of_the_other_models()
    {
        Run run = new(Elsewhere, ModelFile());
        run.Edit(1, source => source.Replace("Tensor x5) => Output(Tanh(Hidden(x5)))", "Tensor y5) => Output(Tanh(Hidden(y5)))", StringComparison.Ordinal));

        Assert.Equal(1, run.Reasons(GraphGenGenerator.CompileStep).Count(reason => reason != IncrementalStepRunReason.Cached));
    }

    [Fact]
    public void A_change_of_a_helper_elsewhere_compiles_the_models_that_call_it()
    {
        Run run = new("public static class Helpers { public static Tensor Block(Tensor x) => Tanh(x); }", ModelFile().Replace("Tanh(Hidden(x3))", "Helpers.Block(Hidden(x3))", StringComparison.Ordinal));
        Assert.Empty(run.Result.Diagnostics);
        run.Edit(0, source => source.Replace("Tanh(x)", "Relu(x)", StringComparison.Ordinal));

        Assert.Equal(1, run.Reasons(GraphGenGenerator.ModelStep).Count(reason => reason == IncrementalStepRunReason.Modified));
        Assert.Equal(1, run.Reasons(GraphGenGenerator.CompileStep).Count(reason => reason != IncrementalStepRunReason.Cached));

        run.Edit(0, source => "// Lines that move there move positions only.\n" + source);
        run.AssertReasons(GraphGenGenerator.CompileStep, IncrementalStepRunReason.Cached);
    }

    [Fact]
    public void A_model_that_breaks_and_is_mended_takes_its_file_along()
    {
        Run run = new(ModelFile());
        run.Edit(0, source => source.Replace("Tanh(Hidden(x4))", "Unheard.Of(x4)", StringComparison.Ordinal).Replace("class Net0", "class Net00", StringComparison.Ordinal));
        Assert.Equal(Models, run.Result.GeneratedSources.Length);
        Assert.Contains(run.Result.GeneratedSources, file => file.HintName == "Net4.g.cs" && file.SourceText.ToString().Contains("errors", StringComparison.Ordinal));

        run.Edit(0, source => source.Replace("Unheard.Of(x4)", "Tanh(Hidden(x4))", StringComparison.Ordinal));
        Assert.Equal(Models, run.Result.GeneratedSources.Length);
        Assert.Empty(run.Result.Diagnostics);
    }

    [Fact]
    public void No_result_of_a_step_holds_on_to_the_compilation()
    {
        Run run = new(Elsewhere, ModelFile(), "[Model] public partial class Broken { [Linear(4)] private partial Tensor A(Tensor x); }");
        string[] steps = [GraphGenGenerator.ReadStep, GraphGenGenerator.ModelStep, GraphGenGenerator.CompileStep, GraphGenGenerator.SourceStep];

        foreach (string step in steps)
        {
            HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
            foreach ((object value, _) in run.Result.TrackedSteps[step].SelectMany(tracked => tracked.Outputs))
            {
                AssertDetached(value, step, seen);
            }
        }
    }

    [Fact]
    public void Cancellation_is_honoured()
    {
        using CancellationTokenSource cancellation = new();
        cancellation.Cancel();
        GeneratorDriver driver = CSharpGeneratorDriver.Create([new GraphGenGenerator().AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions);

        Assert.ThrowsAny<OperationCanceledException>(() => driver.RunGenerators(TestCompilation.Create(ModelFile()), cancellation.Token));
    }

    private static string ModelFile() => string.Join("\n\n", Enumerable.Range(0, Models).Select(i => $$"""
        [Model]
        public sealed partial class Net{{i}}
        {
            [Linear({{10 + i}})] private partial Tensor Hidden(Tensor x);
            [Linear(4)] private partial Tensor Output(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 20)] Tensor x{{i}}) => Output(Tanh(Hidden(x{{i}})));
            [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t);
        }
        """));

    private static void AssertDetached(object? value, string step, HashSet<object> seen)
    {
        if (value is null or string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
        {
            return;
        }

        Assert.False(value is Compilation or ISymbol or SyntaxNode or SyntaxTree or SemanticModel or IOperation or Location, $"{step} holds a {value.GetType()}");
        if (value is IEnumerable items)
        {
            foreach (object? item in items)
            {
                AssertDetached(item, step, seen);
            }

            return;
        }

        foreach (FieldInfo field in value.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
        {
            AssertDetached(field.GetValue(value), step, seen);
        }
    }

    /// <summary>A driver with its compilation, which can be edited.</summary>
    private sealed class Run
    {
        private GeneratorDriver _driver = CSharpGeneratorDriver.Create(
            [new GraphGenGenerator().AsSourceGenerator()],
            parseOptions: TestCompilation.ParseOptions,
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

        private CSharpCompilation _compilation;

        public Run(params string[] sources)
        {
            _compilation = TestCompilation.Create(sources);
            _driver = _driver.RunGenerators(_compilation);
        }

        public GeneratorRunResult Result => _driver.GetRunResult().Results[0];

        /// <summary>Changes the text of a file and runs again.</summary>
        public void Edit(int file, Func<string, string> change)
        {
            SyntaxTree old = _compilation.SyntaxTrees[file];
            string source = change(old.ToString());
            Assert.NotEqual(old.ToString(), source);
            _compilation = _compilation.ReplaceSyntaxTree(old, TestCompilation.Parse(source, old.FilePath));
            _driver = _driver.RunGenerators(_compilation);
            Assert.Null(Result.Exception);
        }

        public IReadOnlyList<IncrementalStepRunReason> Reasons(string step) =>
            [.. Result.TrackedSteps[step].SelectMany(tracked => tracked.Outputs).Select(output => output.Reason)];

        public void AssertReasons(string step, IncrementalStepRunReason reason) =>
            Assert.Equal($"{step}: {string.Join(" ", Enumerable.Repeat(reason, Models))}", $"{step}: {string.Join(" ", Reasons(step))}");

        public void AssertOutputsCached() =>
            Assert.All(
                Result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
                output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }
}
