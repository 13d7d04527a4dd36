using System.Text;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>The user's expression on one line: line breaks and comments in it become single spaces.</summary>
internal static class SourceLine
{
    public static string Of(SyntaxNode node)
    {
        StringBuilder text = new();
        SyntaxToken previous = default;
        foreach (SyntaxToken token in node.DescendantTokens())
        {
            bool apart = text.Length > 0 && (previous.HasTrailingTrivia || token.HasLeadingTrivia);
            bool bracket = text.Length > 0 && (text[text.Length - 1] is '(' or '[' || token.Text is ")" or "]" or ".");
            if (apart && !(bracket && SpansLines(previous, token)))
            {
                text.Append(' ');
            }

            text.Append(token.Text);
            previous = token;
        }

        return text.ToString();
    }

    private static bool SpansLines(SyntaxToken previous, SyntaxToken token) =>
        previous.TrailingTrivia.Concat(token.LeadingTrivia).Any(trivia => trivia.ToString().Contains('\n'));
}
