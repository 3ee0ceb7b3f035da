namespace Gantry.Images.Dockerfiles;

/// <summary>The reason why only a Docker engine can build a file.</summary>
/// <param name="Location">The instruction.</param>
/// <param name="Reason">The action of the instruction, as a clause: <c>RUN executes a program in the image</c>.</param>
internal sealed record EngineRequirement(SourceLine Location, string Reason);

/// <summary>A parsed Dockerfile of one stage that only copies and configures, or the reason why it needs an engine.</summary>
internal sealed record DockerfileDocument
{
    /// <summary>The name of the file in messages.</summary>
    public required string File { get; init; }

    /// <summary>The escape character.</summary>
    public required char Escape { get; init; }

    /// <summary>The ARG instructions before FROM.</summary>
    public required IReadOnlyList<ArgInstruction> GlobalArguments { get; init; }

    /// <summary>The base image; null only when a Docker engine is needed.</summary>
    public FromInstruction? From { get; init; }

    /// <summary>The instructions after FROM.</summary>
    public required IReadOnlyList<Instruction> Instructions { get; init; }

    /// <summary>The first instruction that needs a Docker engine, or null.</summary>
    public EngineRequirement? EngineRequirement { get; init; }

    /// <summary>Warnings about what works but is probably not intended, each with its position.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
