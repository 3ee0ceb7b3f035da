using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;

namespace Gantry.Cli.Init;

/// <summary>
/// The files of the template <c>dotnet new gantry</c>, which this command writes into a repository that exists. The template engine of the
/// SDK is not needed for them: they have conditions on one name, or on two joined by <c>&amp;&amp;</c>, and values in capitals.
/// </summary>
/// <param name="conditions">The names that are true.</param>
/// <param name="values">What replaces each of the values.</param>
internal sealed partial class InitTemplate(IReadOnlySet<string> conditions, IReadOnlyDictionary<string, string> values)
{
    /// <summary>Returns a file of the template with its conditions and values, and line breaks of Unix.</summary>
    public string Render(string name) => Replace(Select(Read(name)));

    /// <summary>Returns a file as it is in the template, and as git keeps it.</summary>
    public static string Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("template/" + name)
            ?? throw new InvalidOperationException($"The template has no file '{name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private string Select(string text)
    {
        var selected = new StringBuilder();
        // For each open condition: whether it is true now, and whether one of its branches has been.
        var open = new Stack<(bool Now, bool Before)>();
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            var directive = Directive().Match(line);
            if (!directive.Success)
            {
                if (open.All(condition => condition.Now))
                    selected.Append(line).Append('\n');
                continue;
            }

            var holds = directive.Groups["condition"].Value.Split("&&", StringSplitOptions.TrimEntries).All(conditions.Contains);
            switch (directive.Groups["keyword"].Value)
            {
                case "if":
                    open.Push((holds, holds));
                    break;
                case "endif":
                    open.Pop();
                    break;
                case "else":
                    open.Push(open.Pop() is { Before: true } ? (false, true) : (true, true));
                    break;
                default:
                    open.Push(open.Pop() is { Before: true } ? (false, true) : (holds, holds));
                    break;
            }
        }

        return selected.ToString();
    }

    // Longer names first: some begin with another.
    private string Replace(string text) =>
        values.OrderByDescending(value => value.Key.Length).Aggregate(text, (replaced, value) => replaced.Replace(value.Key, value.Value));

    [GeneratedRegex(@"^\s*(<!--|//)?#(?<keyword>if|elseif|else|endif)\b\s*(\((?<condition>[^)]*)\))?\s*(-->)?\s*$",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Directive();
}
