using System.Text.RegularExpressions;

namespace Gantry.Testing.Builds;

/// <summary>The exit code and the output of a build.</summary>
public sealed partial record BuildRun(int ExitCode, string Output)
{
    /// <summary>True when the output had colours, which are removed from <see cref="Output"/>.</summary>
    public bool HasColours { get; init; }

    /// <summary>Gets the targets in the output of <c>--help</c>.</summary>
    public IReadOnlyList<string> Targets => [.. Section("Targets", TargetName())];

    /// <summary>Gets the parameters in the output of <c>--help</c>.</summary>
    public IReadOnlyList<string> Parameters => [.. Section("Parameters", ParameterName())];

    /// <summary>Gets the targets of the summary in order, each with its status.</summary>
    public IReadOnlyList<string> Summary =>
        [.. SummaryRow().Matches(Output).Select(match => $"{match.Groups["target"].Value} {match.Groups["status"].Value}")];

    private IEnumerable<string> Section(string title, Regex name) => Output.Split('\n')
        .SkipWhile(line => !line.StartsWith(title, StringComparison.Ordinal))
        .Skip(1)
        .TakeWhile(line => line.Length == 0 || line.StartsWith(' '))
        .Select(line => name.Match(line))
        .Where(match => match.Success)
        .Select(match => match.Groups["name"].Value);

    [GeneratedRegex("^  (?<name>[A-Za-z]+)")]
    private static partial Regex TargetName();

    [GeneratedRegex("^  --(?<name>[a-z-]+)")]
    private static partial Regex ParameterName();

    [GeneratedRegex(@"^(?<target>[A-Z][A-Za-z]+) +(?<status>Succeeded|Skipped|Failed|NotRun|Collective)\b", RegexOptions.Multiline)]
    private static partial Regex SummaryRow();
}
