using System.Globalization;
using Gantry.Images.Configuration;

namespace Gantry.Images.Dockerfiles;

/// <summary>The configuration that results from a Dockerfile and its base image, and the steps that lead there.</summary>
internal sealed record EvaluatedStage(ContainerConfig Config, IReadOnlyList<BuildStep> Steps);

/// <summary>Executes the instructions after FROM on a configuration. Reads and writes no files.</summary>
internal sealed class StageEvaluator
{
    private readonly VariableScope _scope;
    private readonly EnvironmentList _environment;
    private readonly SortedDictionary<string, EmptyObject> _ports = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, EmptyObject> _volumes = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> _labels = new(StringComparer.Ordinal);
    private readonly List<BuildStep> _steps = [];
    private ContainerConfig _config;
    private bool _commandIsSet;

    private StageEvaluator(ContainerConfig baseConfig, VariableScope scope)
    {
        _config = baseConfig;
        _scope = scope;
        _environment = new EnvironmentList(baseConfig.Env ?? []);
        foreach (var (name, value) in _environment)
            _scope.Set(name, value);
        CopyTo(_ports, baseConfig.ExposedPorts);
        CopyTo(_volumes, baseConfig.Volumes);
        CopyTo(_labels, baseConfig.Labels);
    }

    /// <summary>Evaluates the instructions; throws the error of the first invalid one.</summary>
    public static EvaluatedStage Evaluate(IEnumerable<Instruction> instructions, ContainerConfig baseConfig, VariableScope scope)
    {
        var evaluator = new StageEvaluator(baseConfig, scope);
        foreach (var instruction in instructions)
            evaluator.Apply(instruction);

        return new EvaluatedStage(
            evaluator._config with
            {
                Env = evaluator._environment.Count > 0 ? evaluator._environment.ToStrings() : null,
                ExposedPorts = evaluator._ports.Count > 0 ? evaluator._ports : null,
                Volumes = evaluator._volumes.Count > 0 ? evaluator._volumes : null,
                Labels = evaluator._labels.Count > 0 ? evaluator._labels : null,
            },
            evaluator._steps);
    }

    private void Apply(Instruction instruction)
    {
        switch (instruction)
        {
            case ArgInstruction arg:
                // Not in the history: values of arguments may be secrets.
                _scope.Declare(arg);
                break;
            case CopyInstruction copy:
                ApplyCopy(copy);
                break;
            case EnvInstruction env:
                ApplyEnv(env);
                break;
            case LabelInstruction label:
                ApplyLabel(label);
                break;
            case WorkdirInstruction workdir:
                ApplyWorkdir(workdir);
                break;
            case UserInstruction user:
                _config = _config with { User = _scope.Expand(user.User, user.Location) };
                Record(user, $"USER {_config.User}");
                break;
            case ExposeInstruction expose:
                ApplyExpose(expose);
                break;
            case VolumeInstruction volume:
                ApplyVolume(volume);
                break;
            case StopSignalInstruction stopSignal:
                var signal = _scope.Expand(stopSignal.Signal, stopSignal.Location);
                _config = _config with { StopSignal = Signals.Check(signal, stopSignal.Location) };
                Record(stopSignal, $"STOPSIGNAL {signal}");
                break;
            case EntrypointInstruction entrypoint:
                // A new entry point does not accept the arguments that were meant for the one of the base image.
                var program = ToArguments(entrypoint.Command);
                _config = _config with { Entrypoint = NullIfEmpty(program), Cmd = _commandIsSet ? _config.Cmd : null };
                Record(entrypoint, $"ENTRYPOINT {Quote(program)}");
                break;
            case CmdInstruction cmd:
                var arguments = ToArguments(cmd.Command);
                _config = _config with { Cmd = NullIfEmpty(arguments) };
                _commandIsSet = true;
                Record(cmd, $"CMD {Quote(arguments)}");
                break;
            default:
                throw new InvalidOperationException($"Nothing is known of {instruction.GetType().Name}.");
        }
    }

    private void ApplyCopy(CopyInstruction copy)
    {
        var sources = copy.Sources.Select(source => _scope.Expand(source, copy.Location)).ToArray();
        var destination = _scope.Expand(copy.Destination, copy.Location);
        var chown = copy.Chown is null ? null : _scope.Expand(copy.Chown, copy.Location);
        var chmod = copy.Chmod is null ? null : _scope.Expand(copy.Chmod, copy.Location);
        var flags = (chown is null ? "" : $"--chown={chown} ") + (chmod is null ? "" : $"--chmod={chmod} ");

        _steps.Add(new CopyStep(copy.Location, $"COPY {flags}{string.Join(' ', sources)} {destination}")
        {
            Sources = sources,
            Destination = ImagePath.Combine(_config.WorkingDir ?? "/", destination),
            IntoDirectory = destination is "" or "." || destination.EndsWith('/') || destination.EndsWith("/.", StringComparison.Ordinal),
            Chown = chown,
            Mode = chmod is null ? null : ParseMode(chmod, copy.Location),
        });
    }

    private static int ParseMode(string chmod, SourceLine location)
    {
        // Such a mode changes the mode of each file, which differs between machines.
        if (chmod.AsSpan().ContainsAny('+', '-', '='))
            throw DockerfileErrors.NeedsEngine(location, $"'--chmod={chmod}' changes the modes that files have");
        if (chmod.Length is 0 or > 5 || chmod.AsSpan().ContainsAnyExceptInRange('0', '7'))
            throw DockerfileErrors.MalformedFlag(location, "chmod", chmod, "an octal mode such as 0644");
        var mode = Convert.ToInt32(chmod, 8);
        return mode <= 0xFFF ? mode : throw DockerfileErrors.MalformedFlag(location, "chmod", chmod, "an octal mode of at most 7777");
    }

    // All values of one instruction use the variables as they were before it.
    private void ApplyEnv(EnvInstruction env)
    {
        var pairs = Expand(env.Variables, env.Location);
        foreach (var (name, value) in pairs)
        {
            _environment.Set(name, value);
            _scope.Set(name, value);
        }

        Record(env, $"ENV {string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))}");
    }

    private void ApplyLabel(LabelInstruction label)
    {
        var pairs = Expand(label.Labels, label.Location);
        foreach (var (name, value) in pairs)
            _labels[name] = value;
        Record(label, $"LABEL {string.Join(' ', pairs.Select(pair => $"{pair.Key}={pair.Value}"))}");
    }

    private void ApplyWorkdir(WorkdirInstruction workdir)
    {
        var path = ImagePath.Combine(_config.WorkingDir ?? "/", _scope.Expand(workdir.Path, workdir.Location));
        _config = _config with { WorkingDir = path };
        _steps.Add(new MakeDirectoryStep(workdir.Location, $"WORKDIR {path}")
        {
            Path = path,
            Owner = string.IsNullOrEmpty(_config.User) ? null : _config.User,
        });
    }

    private void ApplyExpose(ExposeInstruction expose)
    {
        var ports = expose.Ports
            .SelectMany(port => _scope.ExpandToWords(port, expose.Location))
            .SelectMany(port => PortRange.Parse(port, expose.Location))
            .ToArray();
        foreach (var port in ports)
            _ports[port] = new EmptyObject();
        Record(expose, $"EXPOSE {string.Join(' ', ports)}");
    }

    private void ApplyVolume(VolumeInstruction volume)
    {
        var paths = volume.Paths.Select(path => _scope.Expand(path, volume.Location)).ToArray();
        foreach (var path in paths)
        {
            if (string.IsNullOrWhiteSpace(path))
                throw DockerfileErrors.DockerfileSyntax(volume.Location, "VOLUME has an empty path");
            _volumes[path] = new EmptyObject();
        }

        Record(volume, $"VOLUME {Quote(paths)}");
    }

    private List<KeyValuePair<string, string>> Expand(IEnumerable<KeyValuePair<string, string>> pairs, SourceLine location)
    {
        var expanded = pairs
            .Select(pair => KeyValuePair.Create(_scope.Expand(pair.Key, location), _scope.Expand(pair.Value, location)))
            .ToList();
        return expanded.TrueForAll(pair => pair.Key.Length > 0)
            ? expanded
            : throw DockerfileErrors.DockerfileSyntax(location, "a name is empty");
    }

    private IReadOnlyList<string> ToArguments(CommandLine command) =>
        command.Shell ? [.. _config.Shell ?? ["/bin/sh", "-c"], .. command.Arguments] : command.Arguments;

    private void Record(Instruction instruction, string history) =>
        _steps.Add(new BuildStep(instruction.Location, _scope.Count(history, instruction.Location)));

    private static string Quote(IEnumerable<string> values) => $"[{string.Join(' ', values.Select(Quote))}]";

    /// <summary>Quotes a value for the history.</summary>
    public static string Quote(string value) =>
        $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> values) => values.Count == 0 ? null : values;

    private static void CopyTo<T>(SortedDictionary<string, T> target, IReadOnlyDictionary<string, T>? source)
    {
        foreach (var (key, value) in source ?? new Dictionary<string, T>())
            target[key] = value;
    }
}
