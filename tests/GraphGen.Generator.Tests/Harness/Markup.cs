using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>Source with marked places: <c>{|GG0020:while|}</c> expects that diagnostic on exactly that text.</summary>
internal sealed partial record Markup(string Source, IReadOnlyList<(string Id, TextSpan Span)> Expected)
{
    public static Markup Parse(string marked)
    {
        StringBuilder source = new();
        List<(string, TextSpan)> expected = [];
        Stack<(string Id, int Start)> open = [];
        int at = 0;
        foreach (Match match in Token().Matches(marked))
        {
            source.Append(marked, at, match.Index - at);
            at = match.Index + match.Length;
            if (match.Groups["id"].Success)
            {
                open.Push((match.Groups["id"].Value, source.Length));
            }
            else
            {
                (string id, int start) = open.Pop();
                expected.Add((id, TextSpan.FromBounds(start, source.Length)));
            }
        }

        source.Append(marked, at, marked.Length - at);
        Assert.Empty(open);
        return new Markup(source.ToString(), expected);
    }

    [GeneratedRegex(@"\{\|(?<id>[A-Z]+\d+):|\|\}")]
    private static partial Regex Token();
}
