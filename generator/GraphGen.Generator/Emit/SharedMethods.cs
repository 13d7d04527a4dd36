using System.Globalization;

namespace GraphGen.Generator.Emit;

/// <summary>Methods that know nothing of the routine that calls them: pointers and numbers go in. Each is written once for the whole model.</summary>
internal sealed class SharedMethods
{
    private readonly Dictionary<string, string> _sources = [];

    /// <summary>The methods, in order of their first use.</summary>
    public IEnumerable<string> Sources => _sources.Values;

    /// <summary>The name of a method; of another one that would have the same name, the name with a number.</summary>
    /// <param name="name">The name that says what it does.</param>
    /// <param name="emit">Writes the method, by the name that it is given.</param>
    public string Add(string name, Action<CodeWriter, string> emit)
    {
        for (int number = 1; ; number++)
        {
            string numbered = number == 1 ? name : name + number.ToString(CultureInfo.InvariantCulture);
            CodeWriter code = new();
            emit(code, numbered);
            string source = code.ToString();
            if (!_sources.TryGetValue(numbered, out string? known))
            {
                _sources.Add(numbered, source);
                return numbered;
            }

            if (known == source)
            {
                return numbered;
            }
        }
    }
}
