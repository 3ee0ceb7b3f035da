namespace Gantry.Images.Dockerfiles;

/// <summary>Why only a Docker engine can build a file.</summary>
/// <param name="Location">The instruction.</param>
/// <param name="Reason">What it does, as a clause: <c>RUN executes a program in the image</c>.</param>
internal sealed record EngineRequirement(SourceLine Location, string Reason);

/// <summary>A Dockerfile of one stage that only copies and configures, or the reason why it is none.</summary>
internal sealed record DockerfileDocument
{
    /// <summary>The name for messages.</summary>
    public required string File { get; init; }

    /// <summary>The escape character.</summary>
    public required char Escape { get; init; }

    /// <summary>The ARG instructions before FROM.</summary>
    public required IReadOnlyList<ArgInstruction> GlobalArguments { get; init; }

    /// <summary>The base image; null only when an engine is needed.</summary>
    public FromInstruction? From { get; init; }

    /// <summary>What follows FROM.</summary>
    public required IReadOnlyList<Instruction> Instructions { get; init; }

    /// <summary>The first thing that needs an engine, or null.</summary>
    public EngineRequirement? EngineRequirement { get; init; }

    /// <summary>What works but is probably not meant, each with its place.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
