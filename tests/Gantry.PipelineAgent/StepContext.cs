using System.Globalization;
using Gantry.AzurePipelines.Reporting;
using Gantry.PipelineAgent.Plans;
using Gantry.Testing.Jobs;

namespace Gantry.PipelineAgent;

/// <summary>A running step: its inputs with expanded variables, its log, and its commands.</summary>
internal sealed class StepContext(
    RunContext run, PlannedStage stage, PlannedJob job, PlannedStep step, VariableSet variables, string workspace, JobResult result)
{
    private readonly List<string> _log = [];
    private readonly List<string> _summaries = [];

    public RunContext Run => run;

    public PlannedStage Stage => stage;

    public PlannedStep Step => step;

    public string Workspace => workspace;

    public string Sources => SourcesIn(workspace);

    public IReadOnlyList<string> Log => _log;

    /// <summary>Returns the folder of the sources in the workspace of a job.</summary>
    public static string SourcesIn(string workspace) => Path.Combine(workspace, "s");

    /// <summary>Gets the value of the kind of the step, with expanded variables.</summary>
    public string Argument => variables.Replace(step.Argument);

    /// <summary>Gets a property of the step itself.</summary>
    public string? Property(string name) => step.Yaml.Text(name) is { } text ? variables.Replace(text) : null;

    /// <summary>Gets an input of a task.</summary>
    public string? Input(params string[] names) =>
        names
            .Select(name => step.Inputs.TryGetValue(name, out var text) ? variables.Replace(text) : null)
            .FirstOrDefault(text => text is not null);

    public string Required(params string[] names) =>
        Input(names) is { Length: > 0 } value ? value : throw new PipelineException($"{step.Argument}: Input required: {names[0]}");

    /// <summary>Runs a script in the folder of the sources, or in another one.</summary>
    public async Task<bool> RunScriptAsync(
        string program, string script, string extension, string? folder, IEnumerable<KeyValuePair<string, string>> more,
        CancellationToken cancellationToken)
    {
        var file = Path.Combine(workspace, "_temp", $"{result.Steps.Count}{extension}");
        await File.WriteAllTextAsync(file, script + "\n", cancellationToken);
        var environment = new Dictionary<string, string>(run.Options.InheritedEnvironment)
        {
            ["TF_BUILD"] = "True",
            ["TMPDIR"] = Path.Combine(workspace, "_temp"),
        };
        foreach (var (name, value) in variables.ForProcesses().Concat(more))
            environment[name] = run.Options.HostNameOverrides.Aggregate(
                value, (text, host) => text.Replace(host.Key, host.Value, StringComparison.OrdinalIgnoreCase));
        foreach (var (name, value) in step.Environment)
            environment[name] = variables.Replace(value);

        string[] arguments = program == "bash"
            ? ["--noprofile", "--norc", file]
            : ["-NoLogo", "-NoProfile", "-NonInteractive", "-File", file];
        var code = await JobProcess.RunAsync(program, arguments, folder ?? Sources, environment, OnLine, cancellationToken);
        if (code != 0)
            Write($"##[error]{program} exited with code '{code}'.");
        return code == 0;
    }

    /// <summary>Sets a variable for the steps that follow.</summary>
    public void Set(string name, string value) => variables.Set(name, value);

    /// <summary>Adds a line to the log, without secrets.</summary>
    public void Write(string line)
    {
        foreach (var secret in variables.SecretValues)
            line = line.Replace(secret, "***", StringComparison.Ordinal);
        _log.Add(line);
        run.Options.Log(line);
    }

    public void Warn(string message)
    {
        Write("##[warning]" + message);
        run.Result.Issues.Add("warning " + message);
    }

    /// <summary>Applies the changes of the step that take effect at its end.</summary>
    public void Finish()
    {
        foreach (var path in _summaries)
            run.Result.Summaries.Add(
                File.Exists(path) ? File.ReadAllText(path) : throw new PipelineException($"the summary {path} does not exist"));
    }

    private void OnLine(string line)
    {
        if (LoggingCommandReader.Find(line) is { } command)
            Obey(command);
        else
            Write(line);
    }

    private void Obey(LoggingCommand command)
    {
        string? Property(string name) =>
            command.Properties.FirstOrDefault(property => property.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        switch ($"{command.Area}.{command.Action}".ToLowerInvariant())
        {
            case "task.setvariable":
                SetVariable(
                    Property("variable") ?? throw new PipelineException("a variable without name is set"),
                    command.Message,
                    Property("isoutput") == "true",
                    Property("issecret") == "true");
                break;
            case "task.logissue":
                run.Result.Issues.Add(string.Join(' ', new[] { Property("type"), Property("code"), command.Message }.OfType<string>()));
                Write($"##[{Property("type")}]{command.Message}");
                break;
            case "task.uploadsummary":
                _summaries.Add(command.Message);
                break;
            case "build.updatebuildnumber":
                run.Result.BuildNumber = command.Message;
                run.Variables.Set("Build.BuildNumber", command.Message);
                variables.Set("Build.BuildNumber", command.Message);
                break;
            case "build.addbuildtag":
                if (!run.Result.BuildTags.Contains(command.Message))
                    run.Result.BuildTags.Add(command.Message);
                break;
            case "task.setprogress":
                Write(string.Create(CultureInfo.InvariantCulture, $"{Property("value")} % {command.Message}"));
                break;
            default:
                throw new PipelineException($"##vso[{command.Area}.{command.Action}] is not known here");
        }
    }

    // An output is read in the same job as step.variable; dependents of a deployment job add the job's name in front.
    private void SetVariable(string name, string value, bool isOutput, bool isSecret)
    {
        if (!isOutput)
        {
            variables.Set(name, value, isSecret);
            return;
        }

        // An output of a step without a name cannot be read.
        if (step.Name is not { } stepName)
            return;
        variables.Set($"{stepName}.{name}", value, isSecret);
        result.Outputs[(job.IsDeployment ? job.Name + "." : "") + $"{stepName}.{name}"] = value;
    }
}
