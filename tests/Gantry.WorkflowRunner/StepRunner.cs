using System.Text.RegularExpressions;
using Gantry.Testing.Jobs;
using YamlDotNet.RepresentationModel;

namespace Gantry.WorkflowRunner;

/// <summary>Runs a step: a script as a process, or an imitated action.</summary>
internal sealed partial class StepRunner(JobRunner job, YamlMappingNode step, Evaluator evaluator, int number)
{
    private readonly List<string> _log = [];
    private readonly string _files = Directory.CreateDirectory(Path.Combine(job.Temporary, $"step{number}")).FullName;

    public JobRunner Job => job;

    public IReadOnlyList<string> Log => _log;

    public async Task<bool> RunAsync(CancellationToken cancellationToken) =>
        step.Text("uses") is { } action
            ? await Actions.RunAsync(this, action, Inputs(), cancellationToken)
            : await RunScriptAsync(step.Text("run")!, cancellationToken);

    /// <summary>Adds a line to the log, without the secrets of the run.</summary>
    public void Write(string line)
    {
        foreach (var secret in job.Run.Options.Secrets.Values.Append(job.Run.Options.Token))
            line = line.Replace(secret, "***", StringComparison.Ordinal);
        _log.Add(line);
        job.Run.Options.Log(line);
    }

    /// <summary>Reads what the step left: its summary, and its outputs.</summary>
    public IReadOnlyDictionary<string, string> Finish()
    {
        var summary = FileOf("summary");
        if (File.Exists(summary) && File.ReadAllText(summary) is { Length: > 0 } text)
            job.Run.Result.Summaries.Add(text);
        return File.Exists(FileOf("output"))
            ? File.ReadLines(FileOf("output")).Select(line => line.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1])
            : new Dictionary<string, string>();
    }

    private Dictionary<string, string> Inputs() => step.Mapping("with").Pairs().ToDictionary(
        input => input.Key, input => Replace(evaluator.Expand(input.Value)));

    private async Task<bool> RunScriptAsync(string script, CancellationToken cancellationToken)
    {
        // The build gets what a script of a runner gets. Values of expressions reach it by variables only.
        if (script.Contains("${{", StringComparison.Ordinal))
            throw new WorkflowException($"the script '{script}' has an expression");
        var (program, file) = step.Text("shell") switch
        {
            null or "bash" => ("bash", "script.sh"),
            "pwsh" => ("pwsh", "script.ps1"),
            var other => throw new WorkflowException($"there is no shell '{other}' here"),
        };
        var path = Path.Combine(_files, file);
        await File.WriteAllTextAsync(path, script + "\n", cancellationToken);
        string[] arguments = program == "bash"
            ? ["--noprofile", "--norc", "-eo", "pipefail", path]
            : ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", path];
        var folder = step.Text("working-directory") is { } relative ? Path.Combine(job.Workspace, relative) : job.Workspace;
        var code = await JobProcess.RunAsync(program, arguments, folder, Variables(), OnLine, cancellationToken);
        if (code != 0)
            Write($"##[error]Process completed with exit code {code}.");
        return code == 0;
    }

    private Dictionary<string, string> Variables()
    {
        var run = job.Run;
        var variables = new Dictionary<string, string>(run.Options.InheritedEnvironment)
        {
            ["CI"] = "true",
            ["GITHUB_ACTIONS"] = "true",
            ["GITHUB_ACTOR"] = "anna",
            ["GITHUB_API_URL"] = run.Options.Api,
            ["GITHUB_EVENT_NAME"] = run.Request.Event,
            ["GITHUB_JOB"] = job.Id,
            ["GITHUB_OUTPUT"] = FileOf("output"),
            ["GITHUB_REF"] = run.Request.Reference,
            ["GITHUB_REF_NAME"] = run.Request.Reference.Split('/')[^1],
            ["GITHUB_REPOSITORY"] = "contoso/shop",
            ["GITHUB_RUN_ATTEMPT"] = $"{run.Result.Attempt}",
            ["GITHUB_RUN_ID"] = run.Result.Id,
            ["GITHUB_SERVER_URL"] = "https://github.com",
            ["GITHUB_SHA"] = run.Commit,
            ["GITHUB_STEP_SUMMARY"] = FileOf("summary"),
            ["GITHUB_WORKFLOW_REF"] = $"contoso/shop/{run.Request.File}@{run.Request.Reference}",
            ["GITHUB_WORKSPACE"] = job.Workspace,
            ["RUNNER_OS"] = "Linux",
            ["RUNNER_TEMP"] = job.Temporary,
            ["TMPDIR"] = job.Temporary,
        };
        foreach (var file in (string[])["output", "summary"])
            File.AppendAllText(FileOf(file), "");
        foreach (var (name, value) in run.Environment.Concat(step.Mapping("env").Pairs()))
            variables[name] = Replace(evaluator.Expand(value));
        return variables;
    }

    private void OnLine(string line)
    {
        if (Command().Match(line) is not { Success: true } command)
        {
            Write(line);
            return;
        }

        var text = Unescape(command.Groups["text"].Value);
        switch (command.Groups["name"].Value)
        {
            case "error" or "warning":
                var title = Title().Match(command.Groups["properties"].Value).Groups["title"].Value;
                job.Run.Result.Annotations.Add(string.Join(
                    ' ', new[] { command.Groups["name"].Value, title, text }.Where(part => part.Length > 0)));
                Write($"##[{command.Groups["name"].Value}]{text}");
                break;
            case "group" or "endgroup" or "debug":
                Write($"##[{command.Groups["name"].Value}]{text}");
                break;
            default:
                throw new WorkflowException($"the command '{line}' is not known here");
        }
    }

    private string FileOf(string name) => Path.Combine(_files, name);

    private string Replace(string value) => job.Run.Options.Replacements.Aggregate(
        value, (text, host) => text.Replace(host.Key, host.Value, StringComparison.OrdinalIgnoreCase));

    private static string Unescape(string text) => text
        .Replace("%0A", "\n", StringComparison.Ordinal)
        .Replace("%0D", "\r", StringComparison.Ordinal)
        .Replace("%25", "%", StringComparison.Ordinal);

    [GeneratedRegex(
        "^::(?<name>[a-z-]+)( (?<properties>[^:]*))?::(?<text>.*)$", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Command();

    [GeneratedRegex("title=(?<title>[^,]*)", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Title();
}
