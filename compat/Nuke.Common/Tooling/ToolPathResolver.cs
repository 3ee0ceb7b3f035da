using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

public static class ToolPathResolver
{
    internal static string DotNet => TryGetEnvironmentExecutable("DOTNET_EXE") ?? GetPathExecutable("dotnet");

    public static string TryGetEnvironmentExecutable(string environmentExecutable)
    {
        var path = EnvironmentInfo.GetVariable(environmentExecutable);
        if (path != null)
            Assert.FileExists(path, $"Path '{path}' from environment variable '{environmentExecutable}' does not exist");
        return path;
    }

    public static string GetPathExecutable(string pathExecutable)
    {
        if (File.Exists(pathExecutable))
            return Path.GetFullPath(pathExecutable);

        string[] extensions = EnvironmentInfo.IsWin && !Path.HasExtension(pathExecutable) ? [".exe", ".cmd", ".bat"] : [string.Empty];
        return (EnvironmentInfo.GetVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(x => extensions.Select(y => Path.Combine(x, pathExecutable + y)))
            .FirstOrDefault(File.Exists)
            .NotNull($"Could not find '{pathExecutable}' on the PATH.");
    }
}
