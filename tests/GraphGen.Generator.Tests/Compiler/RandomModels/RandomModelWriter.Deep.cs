using System.Globalization;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <content>
/// Helpers and loops with dropout in them, values that are used again and again, and long chains of functions. Steps draw values
/// together, so that many of them neither grow nor vanish.
/// </content>
internal sealed partial class RandomModelWriter
{
    /// <summary>One more value of the same shape, by way of several statements.</summary>
    private void DeepStep(Value x)
    {
        switch (_random.Next(6))
        {
            case 0:
                Define(x with { Name = Twice(Helper(Drop("x", isHelper: true)), x.Name) });
                break;
            case 1:
                Define(x with { Name = Twice(Layer($"Dropout({Rate()})"), x.Name) });
                break;
            case 2:
                Loop(x, _random.Next(2, 7), v => $"{v} = 0.7f * {v} + 0.3f * {Drop(v, isHelper: false)};");
                break;
            case 3:
                Loop(x, _random.Next(10, 90), v => $"{v} = {Link(v)};");
                break;
            case 4:
                string helper = Helper(Link("x"));
                Loop(x, _random.Next(2, 12), v => $"{v} = {helper}({v}) * 0.5f + {helper}({v}) * {v} * 0.1f;");
                break;
            default:
                Pair(x, _random.Next(5, 40));
                break;
        }
    }

    /// <summary>Two values that each step makes of both.</summary>
    private void Pair(Value x, int count)
    {
        string other = $"w{_names}";
        Loop(
            x,
            count,
            v => $"Tensor before{other} = {v}; {v} = 0.5f * {v} + 0.4f * Tanh({other}); {other} = 0.6f * {other} - 0.3f * Sigmoid({other}) * before{other};",
            before: $"Tensor {other} = {Pick("Tanh({0})", "{0} * 0.5f", "-{0}").Replace("{0}", x.Name, StringComparison.Ordinal)};");
    }

    /// <summary>A variable that begins with a value and goes through a loop.</summary>
    private void Loop(Value x, int count, Func<string, string> step, string before = "")
    {
        string name = Define(x).Name;
        _body.Append(CultureInfo.InvariantCulture, $$"""
                    {{before}}
                    for (int i{{name}} = 0; i{{name}} < {{count}}; i{{name}}++)
                    {
                        {{step(name)}}
                    }

            """);
        _body.Append('\n');
    }

    /// <summary>A method of one tensor.</summary>
    private string Helper(string result)
    {
        string name = $"H{_names++}";
        _members.Append(_random.Next(2) == 0
            ? $"    private Tensor {name}(Tensor x) => {result};\n"
            : $"    private Tensor {name}(Tensor x)\n    {{\n        for (int i = 0; i < {_random.Next(1, 4)}; i++)\n        {{\n            x = {result};\n        }}\n\n        return x;\n    }}\n");
        return name;
    }

    /// <summary>A step of a chain that uses its value more than once.</summary>
    private string Link(string v) => Pick(
        "{0} * Sigmoid({0}) + 0.2f", "0.8f * {0} + 0.1f * Tanh({0}) * {0}", "{0} - 0.1f * Tanh({0})", "0.9f * {0} + 0.1f * Relu({0} - 0.3f)",
        "0.5f * ({0} + Gelu({0}))", "{0} / (1f + 0.05f * Abs({0}))", "Maximum(0.9f * {0}, {0} * 0.8f - 0.1f)", "{0} * (1.02f - 0.05f * {0} * {0} / (1f + {0} * {0}))")
        .Replace("{0}", v, StringComparison.Ordinal);

    /// <summary>An expression that drops some of a value.</summary>
    private string Drop(string v, bool isHelper) => (isHelper || _random.Next(2) == 0
        ? Pick($"Dropout({{0}}, {Rate()})", $"Dropout(Tanh({{0}}), {Rate()})", $"Tanh({{0}}) + 0.5f * Dropout({{0}}, {Rate()})", $"Dropout({{0}} * 0.5f, {Rate()}) - Dropout({{0}}, {Rate()}) * 0.3f")
        : $"{Helper(Drop("x", isHelper: true))}({{0}})")
        .Replace("{0}", v, StringComparison.Ordinal);

    private string Twice(string call, string x) => Pick($"{call}({x}) + 0.5f * {call}({x})", $"{call}({call}({x}))", $"{call}({x}) - 0.3f * {call}(Tanh({x}))", $"{call}({x}) * Sigmoid({call}({x}))");

    private string Rate() => Pick("0.1f", "0.25f", "0.5f");
}
