using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Gantry.Testing.Builds;

/// <summary>Runs builds without a terminal.</summary>
public static partial class BuildProcess
{
    /// <summary>Runs a build with these environment variables, and without those of the run of the tests.</summary>
    public static async Task<BuildRun> RunAsync(ProcessStartInfo start, IReadOnlyDictionary<string, string> environment)
    {
        ClearEnvironment(start);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        var result = await ChildProcess.RunAsync(start);
        var output = result.Output + result.Error;
        return new BuildRun(result.ExitCode, WithoutColours(output)) { HasColours = AnsiEscape().IsMatch(output) };
    }

    /// <summary>Removes the variables that would affect a build.</summary>
    public static void ClearEnvironment(ProcessStartInfo start)
    {
        foreach (var name in start.Environment.Keys.Where(name => IsOfABuild().IsMatch(name)).ToList())
            start.Environment.Remove(name);
    }

    /// <summary>Removes the escape sequences for colours.</summary>
    public static string WithoutColours(string text) => AnsiEscape().Replace(text, "");

    [GeneratedRegex("^(NUKE_|FALLOUT_|MSBUILD|DOTNET_CLI_|Coverlet|TF_BUILD|BUILD_|SYSTEM_|AGENT_|VSTEST|CI$)", RegexOptions.IgnoreCase)]
    private static partial Regex IsOfABuild();

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex AnsiEscape();
}
