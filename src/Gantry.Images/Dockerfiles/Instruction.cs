namespace Gantry.Images.Dockerfiles;

/// <summary>An instruction that only copies or configures. Variables in it are not resolved yet.</summary>
/// <param name="Location">The position of the instruction.</param>
internal abstract record Instruction(SourceLine Location);

/// <summary><c>FROM [--platform=…] image [AS name]</c>.</summary>
internal sealed record FromInstruction(SourceLine Location, string Image, string? Platform) : Instruction(Location);

/// <summary><c>ARG name[=default] …</c>; the value is null when there is no default.</summary>
internal sealed record ArgInstruction(SourceLine Location, IReadOnlyList<KeyValuePair<string, string?>> Arguments) : Instruction(Location);

/// <summary><c>COPY [--chown=…] [--chmod=…] source … destination</c>.</summary>
internal sealed record CopyInstruction(SourceLine Location, IReadOnlyList<string> Sources, string Destination) : Instruction(Location)
{
    public string? Chown { get; init; }

    public string? Chmod { get; init; }
}

/// <summary><c>ENV name=value …</c>.</summary>
internal sealed record EnvInstruction(SourceLine Location, IReadOnlyList<KeyValuePair<string, string>> Variables) : Instruction(Location);

/// <summary><c>LABEL name=value …</c>.</summary>
internal sealed record LabelInstruction(SourceLine Location, IReadOnlyList<KeyValuePair<string, string>> Labels) : Instruction(Location);

/// <summary><c>WORKDIR path</c>.</summary>
internal sealed record WorkdirInstruction(SourceLine Location, string Path) : Instruction(Location);

/// <summary><c>USER user[:group]</c>.</summary>
internal sealed record UserInstruction(SourceLine Location, string User) : Instruction(Location);

/// <summary><c>EXPOSE port[/protocol] …</c>.</summary>
internal sealed record ExposeInstruction(SourceLine Location, IReadOnlyList<string> Ports) : Instruction(Location);

/// <summary><c>VOLUME path …</c>.</summary>
internal sealed record VolumeInstruction(SourceLine Location, IReadOnlyList<string> Paths) : Instruction(Location);

/// <summary><c>STOPSIGNAL signal</c>.</summary>
internal sealed record StopSignalInstruction(SourceLine Location, string Signal) : Instruction(Location);

/// <summary><c>ENTRYPOINT</c>: as a JSON array, or as one shell command.</summary>
internal sealed record EntrypointInstruction(SourceLine Location, CommandLine Command) : Instruction(Location);

/// <summary><c>CMD</c>: as a JSON array, or as one shell command.</summary>
internal sealed record CmdInstruction(SourceLine Location, CommandLine Command) : Instruction(Location);

/// <summary>A command that is run.</summary>
/// <param name="Arguments">The program and its arguments, or a single shell command.</param>
/// <param name="Shell">True when a shell runs it.</param>
internal sealed record CommandLine(IReadOnlyList<string> Arguments, bool Shell);
