using System.Globalization;
using System.Text;

namespace GraphGen.Generator.Emit;

/// <summary>Writes indented C#.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _indent;
    private bool _blankPending;

    /// <summary>A number as C# reads it, wherever the compiler runs.</summary>
    public static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A line; empty for a blank one, of which there is never more than one, nor one before a closing brace.</summary>
    public CodeWriter Line(string line = "")
    {
        if (line.Length == 0)
        {
            _blankPending = _text.Length > 0;
            return this;
        }

        if (_blankPending && !line.StartsWith("}", StringComparison.Ordinal))
        {
            _text.Append('\n');
        }

        _blankPending = false;
        _text.Append(' ', _indent * 4).Append(line).Append('\n');
        return this;
    }

    /// <summary>Several lines, indented as they are.</summary>
    public CodeWriter Lines(string lines)
    {
        foreach (string line in lines.Replace("\r", "").TrimEnd('\n').Split('\n'))
        {
            string trimmed = line.TrimStart(' ');
            Line(trimmed.Length == 0 ? "" : new string(' ', line.Length - trimmed.Length) + trimmed);
        }

        return this;
    }

    /// <summary>Opens a block under a header; disposing it closes the block.</summary>
    public Block Open(string header, string close = "}")
    {
        Line(header);
        _blankPending = false;
        Line("{");
        _indent++;
        return new Block(this, close);
    }

    public override string ToString() => _text.ToString();

    public readonly struct Block(CodeWriter writer, string close) : IDisposable
    {
        public void Dispose()
        {
            writer._indent--;
            writer._blankPending = false;
            writer.Line(close);
        }
    }
}
