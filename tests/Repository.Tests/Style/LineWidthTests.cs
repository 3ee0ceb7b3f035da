using Gantry.Testing;

namespace Repository.Tests.Style;

/// <summary>Lines are at most 140 characters wide.</summary>
public sealed class LineWidthTests
{
    private const int Maximum = 140;

    private static readonly HashSet<string> s_extensions = [".cs", ".csproj", ".props", ".targets", ".sh", ".ps1", ".cmd", ".md", ""];

    [Fact]
    public void No_line_is_wider_than_140_characters()
    {
        var wide =
            from file in RepositoryFiles.All()
            where IsWritten(file)
            from line in File.ReadLines(Path.Combine(RepositoryFiles.Root, file)).Index()
            where line.Item.Length > Maximum && !CannotBeBroken(file, line.Item)
            select $"{file}:{line.Index + 1} has {line.Item.Length}";

        Expect.Nothing(wide);
    }

    // Snapshots contain output, and compat's listings have a member a line.
    private static bool IsWritten(string file) =>
        s_extensions.Contains(Path.GetExtension(file))
        && !file.Contains(".verified.", StringComparison.Ordinal)
        && !file.StartsWith("artifacts/", StringComparison.Ordinal)
        && Path.GetFileName(file) is not ("LICENSE" or ".gitattributes");

    // Rows of tables and addresses cannot be wrapped.
    private static bool CannotBeBroken(string file, string line) =>
        line.Contains("https://", StringComparison.Ordinal)
        || (file.EndsWith(".md", StringComparison.Ordinal) && line.TrimStart() is ['|', ..] or ['[', ..]);
}
