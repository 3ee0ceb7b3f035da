using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Gantry;
using Gantry.Testing;

namespace Repository.Tests.Documents;

/// <summary>Every limit is in one class, and docs/limits.md has all of them with their values.</summary>
public sealed partial class LimitsTests
{
    [Fact]
    public void Every_limit_is_documented_with_its_value_and_no_other_is()
    {
        var documented = Row()
            .Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs/limits.md")))
            .Select(row => (row.Groups["name"].Value, row.Groups["value"].Value))
            .Order();

        Assert.Equal(Limits().Order(), documented);
    }

    [Fact]
    public void Every_limit_is_used()
    {
        var sources = Sources();

        Expect.Nothing(
            from limit in Limits()
            where !sources.Exists(text => text.Contains($"Limits.{limit.Name}", StringComparison.Ordinal))
            select limit.Name);
    }

    [Fact]
    public void No_reader_has_a_limit_of_its_own() => Expect.Nothing(
        from file in RepositoryFiles.All()
        where file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
            && file != "src/Gantry/Limits.cs"
        from line in File.ReadLines(Path.Combine(RepositoryFiles.Root, file))
        where OwnLimit().IsMatch(line)
        select $"{file}: {line.Trim()}");

    private static IEnumerable<(string Name, string Value)> Limits()
    {
        foreach (var field in typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            var value = Convert.ToInt64(field.GetRawConstantValue(), CultureInfo.InvariantCulture);
            var isSize = field.Name.Contains("Bytes", StringComparison.Ordinal);
            yield return (field.Name, isSize ? Format.Bytes(value) : value.ToString(CultureInfo.InvariantCulture));
        }

        foreach (var property in typeof(Limits).GetProperties())
            yield return (property.Name, Format.Duration((TimeSpan)property.GetValue(null)!));
    }

    private static List<string> Sources() =>
        [.. RepositoryFiles.All()
            .Where(file => file.StartsWith("src/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(file => File.ReadAllText(Path.Combine(RepositoryFiles.Root, file)))];

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<value>[^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    // Those of what is written, shown or waited for are no limits of what is read; nor are those of values and of the language of
    // pipelines.
    [GeneratedRegex(@"const (int|long|ulong) (Maximum|Largest|Most|Deepest)(?!Message|IdLength|Id |ValueLength|Pointer|Writes|Bars|Octal"
        + @"|Challenges|Early|Length = 21000|Depth = 50|Layers)\w* = (?!Limits\.)")]
    private static partial Regex OwnLimit();
}
