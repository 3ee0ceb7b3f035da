using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Compat.Tests;

/// <summary>A folder with a build that runs as a process.</summary>
internal sealed partial class SampleBuild : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _program;

    public SampleBuild()
        : this("Compat.SampleBuild", ".nuke")
    {
    }

    private SampleBuild(string program, string folder)
    {
        _program = program;
        Directory.CreateDirectory(PathOf(folder + "/temp"));
        File.WriteAllText(PathOf(folder + "/parameters.json"), "{}\n");
    }

    /// <summary>Creates the same build on Fallout.</summary>
    public static SampleBuild OnFallout(string folder = ".fallout") => new("Compat.SampleBuild.Fallout", folder);

    public string Root => _folder.Path;

    public string PathOf(string name) => Path.Combine(Root, name);

    public void Write(string name, string content) => File.WriteAllText(PathOf(name), content);

    public string Read(string name) => File.ReadAllText(PathOf(name));

    public SampleRun Run(params string[] arguments) => RunWith([], arguments);

    public SampleRun RunWith(Dictionary<string, string> variables, params string[] arguments)
    {
        var startInfo = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, _program + ".dll"), .. arguments])
        {
            WorkingDirectory = Root,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true
        };
        // Variables of this machine must not affect the tests.
        foreach (var name in new[] { "TF_BUILD", "TERM", "TERMINAL_EMULATOR", "VSCODE_PID", "VSCODE_GIT_IPC_HANDLE" })
            startInfo.Environment.Remove(name);
        foreach (var (name, value) in variables)
            startInfo.Environment[name] = value;

        using var process = Process.Start(startInfo)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new SampleRun(process.ExitCode, Normalise(output + error.Result));
    }

    public void Dispose() => _folder.Dispose();

    // Times, dates, durations, colours and stack frames differ from run to run.
    private string Normalise(string output)
    {
        output = output.ReplaceLineEndings("\n").Replace("\u200B", "").Replace('\u00A0', ' ').Replace(Root, "{Root}");
        output = Colour().Replace(output, "");
        output = Frame().Replace(output, "");
        output = Time().Replace(output, "HH:MM:SS [");
        output = Date().Replace(output, "$1 on DATE.");
        output = Duration().Replace(output, "< 1sec");
        return TrailingSpace().Replace(output, "");
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colour();

    [GeneratedRegex(@"^(   at .*|--- End of stack trace.*)\n", RegexOptions.Multiline)]
    private static partial Regex Frame();

    [GeneratedRegex(@"^\d\d:\d\d:\d\d \[", RegexOptions.Multiline)]
    private static partial Regex Time();

    [GeneratedRegex(@"(Build \w+) on .*?\.(?= \(| ＼)")]
    private static partial Regex Date();

    // At the end of a row of the summary, with the width of its replacement.
    [GeneratedRegex(@"  \d:\d\d(?=\s*$|   //)", RegexOptions.Multiline)]
    private static partial Regex Duration();

    [GeneratedRegex(@"[ \t]+$", RegexOptions.Multiline)]
    private static partial Regex TrailingSpace();
}

internal sealed record SampleRun(int ExitCode, string Output)
{
    /// <summary>Gets the lines that targets logged, without the rest.</summary>
    public IReadOnlyList<string> Logged
        => Output.Split('\n')
            .Where(x => x.StartsWith("HH:MM:SS [INF] ", StringComparison.Ordinal))
            .Select(x => x["HH:MM:SS [INF] ".Length..])
            .Where(x => !x.StartsWith("finished: ", StringComparison.Ordinal))
            .ToList();

    /// <summary>Gets the rows of the summary: target, status and remark.</summary>
    public IReadOnlyList<string> Summary
        => Output.Split('\n').SkipWhile(x => !x.StartsWith("Target   ", StringComparison.Ordinal)).Skip(2).TakeWhile(x =>
            !x.StartsWith('─'))
            .Select(x => string.Join(' ', x.Replace("< 1sec", "").Split(' ', StringSplitOptions.RemoveEmptyEntries)))
            .ToList();

    public IReadOnlyList<string> Events
        => Output.Split('\n').Where(x => x.StartsWith("event ", StringComparison.Ordinal)).Select(x => x["event ".Length..]).ToList();
}
