using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace GraphGen.NativeTests;

/// <summary>
/// Runs xunit's facts and theories and prints each. xunit's own runners look for tests in assemblies, of which native code has none; here
/// the classes are named, so that the compiler knows which methods to keep.
/// </summary>
internal sealed class TestRunner
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.PublicProperties;

    private int _passed;
    private int _failed;

    public TestRunner()
    {
        // xunit finds by reflection how sequences are compared; this has it compiled for what the tests compare.
        CollectionTrackerExtensions.AsTracker<float>([]);
        CollectionTrackerExtensions.AsTracker<double>([]);
        CollectionTrackerExtensions.AsTracker<int>([]);
    }

    /// <summary>Prints how many passed and failed.</summary>
    /// <returns>The exit code: 0 when none failed.</returns>
    public int Finish()
    {
        Console.WriteLine($"{_passed} passed, {_failed} failed");
        return _failed == 0 ? 0 : 1;
    }

    /// <summary>Runs all tests of a class, but for the cases of theories that are left out.</summary>
    /// <param name="without">Chooses by the first argument of a case, the name of what is tested.</param>
    public void RunAll<[DynamicallyAccessedMembers(Members)] TTests>(Func<string, bool>? without = null)
        where TTests : class
    {
        foreach (MethodInfo test in typeof(TTests).GetMethods().Where(method => method.IsDefined(typeof(FactAttribute))))
        {
            foreach (object?[] arguments in Cases(typeof(TTests), test))
            {
                if (without is null || arguments is not [string name, ..] || !without(name))
                {
                    Run($"{typeof(TTests).Name}.{test.Name}({string.Join(", ", arguments)})", () => Invoke<TTests>(test, arguments));
                }
            }
        }
    }

    /// <summary>Runs one test and prints its name, what became of it and how long it took.</summary>
    public void Run(string name, Action test)
    {
        Stopwatch watch = Stopwatch.StartNew();
        try
        {
            test();
            _passed++;
            Console.WriteLine($"passed {name} in {watch.Elapsed.TotalSeconds:f1} s");
        }
        catch (Exception exception)
        {
            _failed++;
            Console.WriteLine($"FAILED {name}: {exception}");
        }
    }

    private static void Invoke<[DynamicallyAccessedMembers(Members)] TTests>(MethodInfo test, object?[] arguments)
        where TTests : class
    {
        bool writes = typeof(TTests).GetConstructor([typeof(ITestOutputHelper)]) is not null;
        object tests = writes ? Activator.CreateInstance(typeof(TTests), new ConsoleOutput())! : Activator.CreateInstance<TTests>();
        try
        {
            test.Invoke(tests, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        finally
        {
            (tests as IDisposable)?.Dispose();
        }
    }

    // A fact is a theory of one case without arguments.
    private static IEnumerable<object?[]> Cases([DynamicallyAccessedMembers(Members)] Type tests, MethodInfo test)
    {
        if (!test.IsDefined(typeof(TheoryAttribute)))
        {
            return [[]];
        }

        IEnumerable<object?[]> inline = test.GetCustomAttributesData()
            .Where(attribute => attribute.AttributeType == typeof(InlineDataAttribute))
            .Select(attribute => ((IEnumerable<CustomAttributeTypedArgument>)attribute.ConstructorArguments[0].Value!).Select(argument => argument.Value).ToArray());
        return [.. inline, .. test.GetCustomAttributes<MemberDataAttribute>().SelectMany(data => Member(tests, data.MemberName))];
    }

    private static IEnumerable<object?[]> Member([DynamicallyAccessedMembers(Members)] Type tests, string name) =>
        (IEnumerable<object?[]>)tests.GetProperty(name, BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    private sealed class ConsoleOutput : ITestOutputHelper
    {
        public void WriteLine(string message) => Console.WriteLine("       " + message);

        public void WriteLine(string format, params object[] args) => Console.WriteLine("       " + format, args);
    }
}
