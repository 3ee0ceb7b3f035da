namespace Gantry.Nuke.Versioning;

/// <summary>The submodules that <c>.gitmodules</c> declares.</summary>
internal static class Submodules
{
    private const string Prefix = "submodule.";
    private const string PathSuffix = ".path";

    /// <summary>True when the repository itself declares that no clone checks the submodule out: <c>update = none</c>.</summary>
    public static bool IsNeverCheckedOut(Git git, string path) =>
        (git.TryRun("config", "--file", ".gitmodules", "--get-regexp", @"^submodule\..*\.path$") ?? "")
            .Split('\n')
            .Where(line => line.EndsWith($"{PathSuffix} {path}", StringComparison.Ordinal))
            .Select(line => line[Prefix.Length..^$"{PathSuffix} {path}".Length])
            .Any(name => git.TryRun("config", "--file", ".gitmodules", $"{Prefix}{name}.update") == "none");
}
