using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Gantry.Nuke.Versioning;

/// <summary>Runs the git program in one folder, whatever repository the caller of the build has chosen for its own git.</summary>
internal sealed class Git(string folder)
{
    // Set when a git hook runs the build: they would point to another repository, or change what a path means.
    // See "git rev-parse --local-env-vars", without the configuration, which may be needed to read the repository at all.
    private static readonly string[] s_ofTheCaller =
    [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_IMPLICIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY",
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_PREFIX", "GIT_GRAFT_FILE", "GIT_SHALLOW_FILE", "GIT_NAMESPACE", "GIT_REPLACE_REF_BASE",
        "GIT_NO_REPLACE_OBJECTS", "GIT_LITERAL_PATHSPECS", "GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS",
        "GIT_ATTR_SOURCE",
    ];

    private readonly List<(string Name, string Value)> _environment = [];
    private readonly List<string> _configuration = [];

    public string Folder => folder;

    /// <summary>The error of the last command that failed, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Returns a runner with more environment variables.</summary>
    public Git With(params IEnumerable<(string Name, string Value)> environment)
    {
        var git = new Git(folder);
        git._configuration.AddRange(_configuration);
        git._environment.AddRange([.. _environment, .. environment]);
        return git;
    }

    /// <summary>Returns a runner with other values of the configuration: <c>core.fsmonitor=false</c>.</summary>
    public Git Configured(params IEnumerable<string> settings)
    {
        var git = With();
        git._configuration.AddRange(settings.SelectMany(setting => new[] { "-c", setting }));
        return git;
    }

    /// <summary>Runs a command. Returns its output without trailing line breaks, or null when git fails.</summary>
    public string? TryRun(params IEnumerable<string> arguments) => Run(arguments, null, Encoding.UTF8)?.TrimEnd('\n', '\r');

    /// <summary>Runs a command that prints names, each with a zero after it; throws <see cref="GitException"/> when git fails.</summary>
    /// <param name="arguments">The command.</param>
    /// <param name="input">The names that the command reads, or null.</param>
    public IReadOnlyList<RawName> List(IEnumerable<string> arguments, IEnumerable<RawName>? input = null) =>
        (Run(arguments, input is null ? null : string.Concat(input.Select(name => name.Bytes + "\0")), Encoding.Latin1)
            ?? throw new GitException(Problem ?? $"git {arguments.First()} failed"))
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Select(name => new RawName(name))
            .ToList();

    private string? Run(IEnumerable<string> arguments, string? input, Encoding encoding)
    {
        try
        {
            using var process = Process.Start(StartInfo(arguments, input is not null, encoding))!;
            var errors = process.StandardError.ReadToEndAsync();
            var writing = input is null ? Task.CompletedTask : WriteAsync(process.StandardInput, input);
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            writing.GetAwaiter().GetResult();
            if (process.ExitCode == 0)
                return output;

            Problem = FirstLine(errors.GetAwaiter().GetResult());
            return null;
        }
        catch (Win32Exception)
        {
            Problem = "there is no 'git' on the PATH";
            return null;
        }
    }

    private ProcessStartInfo StartInfo(IEnumerable<string> arguments, bool hasInput, Encoding encoding)
    {
        var start = new ProcessStartInfo("git", [.. _configuration, .. arguments])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = hasInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = encoding,
            StandardInputEncoding = hasInput ? encoding : null,
        };
        foreach (var name in s_ofTheCaller)
            start.Environment.Remove(name);
        // This program parses the output of git, so messages must not be localized.
        start.Environment["LC_ALL"] = "C";
        foreach (var (name, value) in _environment)
            start.Environment[name] = value;
        return start;
    }

    private static async Task WriteAsync(StreamWriter input, string text)
    {
        try
        {
            await using (input)
                await input.WriteAsync(text);
        }
        catch (IOException)
        {
            // Git has ended; its exit code says why.
        }
    }

    private static string? FirstLine(string text) =>
        text.Split('\n', 2)[0].Trim() is { Length: > 0 } line
            ? line.Replace("fatal: ", "", StringComparison.Ordinal).Replace("error: ", "", StringComparison.Ordinal)
            : null;
}
