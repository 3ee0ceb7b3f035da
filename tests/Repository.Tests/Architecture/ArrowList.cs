using Gantry.Testing;

namespace Repository.Tests.Architecture;

/// <summary>
/// The arrows that are allowed: between packages, and in a section for each package between its namespaces. Names in a section are short;
/// what may be used of another package is up to its public API. The namespace <c>Gantry</c> may be used by all.
/// </summary>
internal sealed record ArrowList(IReadOnlyList<Arrow> Arrows)
{
    private const string Packages = "packages";

    private static readonly string s_path = Path.Combine(RepositoryFiles.Root, "tests/Repository.Tests/Architecture/arrows.txt");

    /// <summary>The text of the list. The documents show the same.</summary>
    public static string Text { get; } = File.ReadAllText(s_path).ReplaceLineEndings("\n").Trim();

    public static ArrowList Read()
    {
        var arrows = new List<Arrow>();
        var section = "";
        foreach (var line in Text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != ' ')
                section = line;
            if (line.Split(" -> ") is [var user, var rest])
            {
                var parts = rest.Split(" # ");
                arrows.AddRange(
                    parts[0].Split(',').Select(used => new Arrow(Expand(section, user), Expand(section, used), parts.Length > 1)));
            }
        }

        return new(arrows);
    }

    /// <summary>Returns the arrows that a dependency is an instance of: of its packages, or of its namespace and of its type.</summary>
    public IEnumerable<Arrow> Find(TypeDependency dependency)
    {
        var (user, used) = (PackageOf(dependency.User.Namespace), PackageOf(dependency.Used.Namespace));
        return user == used
            ? Arrows.Where(arrow => arrow.Used == dependency.Used.Namespace && arrow.IsOf(dependency.User))
            : Arrows.Where(arrow => arrow.Used == used && arrow.User == user);
    }

    /// <summary>Returns the arrows that make a circle; none when all of them go one way. Those of single types do not count.</summary>
    public IReadOnlyList<Arrow> FindCircle()
    {
        var rest = Arrows.Where(arrow => !arrow.IsException).ToList();
        while (rest.RemoveAll(arrow => rest.TrueForAll(other => other.User != arrow.Used)) > 0)
        {
            // What uses nothing more is in no circle.
        }

        return rest;
    }

    private static string Expand(string section, string name) => name.Trim() switch
    {
        var full when section == Packages || full.StartsWith("Gantry.", StringComparison.Ordinal) => full,
        var inner => $"{section}.{inner}",
    };

    private string PackageOf(string space) => Arrows
        .Select(arrow => arrow.User)
        .TakeWhile(package => package.Split('.').Length == 2)
        .FirstOrDefault(package => space == package || space.StartsWith(package + ".", StringComparison.Ordinal), "Gantry");
}

/// <summary>A user and what it may use.</summary>
/// <param name="User">A package, a namespace, or a single type.</param>
/// <param name="Used">A package or a namespace.</param>
/// <param name="IsException">True when it is the arrow of a single type, for a reason that the list gives.</param>
internal readonly record struct Arrow(string User, string Used, bool IsException)
{
    public bool IsOf(TypeName user) => User == (IsException ? user.ToString() : user.Namespace);

    public override string ToString() => $"{User} -> {Used}";
}
