namespace Repository.Tests.Architecture;

/// <summary>The arrows that are allowed: <c>Gantry.IO -> Gantry, Gantry.Oci</c> for a namespace, and the same for a single type.</summary>
internal sealed record ArrowList
{
    private const string Separator = " -> ";

    /// <summary>The file that has the arrows, from the root of the repository. The documents show the same text.</summary>
    public const string File = "tests/Repository.Tests/Architecture/arrows.txt";

    /// <summary>The user, a namespace or a type, and what it may use.</summary>
    public required IReadOnlyList<(string User, string Used)> Arrows { get; init; }

    public static string Text { get; } = System.IO.File.ReadAllText(Path.Combine(RepositoryFiles.Root, File)).ReplaceLineEndings("\n").Trim();

    public static ArrowList Read() => new()
    {
        Arrows =
        [
            .. from line in Text.Split('\n')
               where line.Contains(Separator, StringComparison.Ordinal)
               let sides = line.Split('#')[0].Split(Separator)
               from used in sides[1].Split(',', StringSplitOptions.TrimEntries)
               select (sides[0].Trim(), used),
        ],
    };

    public bool Allows(TypeDependency dependency) =>
        Arrows.Contains((dependency.User.Namespace, dependency.Used.Namespace)) || Arrows.Contains((dependency.User.ToString(), dependency.Used.Namespace));

    /// <summary>Returns the namespaces that use each other in a circle; none when all arrows of namespaces go one way.</summary>
    public IReadOnlyList<string> FindCircle(IReadOnlySet<string> namespaces)
    {
        var rest = Arrows.Where(arrow => namespaces.Contains(arrow.User)).ToList();
        while (rest.RemoveAll(arrow => rest.TrueForAll(other => other.User != arrow.Used)) > 0)
        {
            // Arrows to what uses nothing more are in no circle.
        }

        return [.. rest.Select(arrow => $"{arrow.User} -> {arrow.Used}")];
    }
}
