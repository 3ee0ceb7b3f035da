using Gantry.Testing.Faults;

namespace Gantry.Cli.Tests;

/// <summary>A behaviour of a registry, and how the command line ends at it.</summary>
/// <param name="Command">The command.</param>
/// <param name="Script">Scripts the registry, which has the image unless it is pushed.</param>
/// <param name="Code">The code of the error; null for success.</param>
internal sealed record ScriptedCase(ScriptedCommand Command, Action<ScriptedRegistry> Script, string? Code = null)
{
    /// <summary>Instead of a code: <c>verify</c> lists faults.</summary>
    public const string Faults = "(faults)";

    /// <summary>The behaviour of the registry without faults.</summary>
    public ScriptedRegistryOptions Registry { get; init; } = new();

    /// <summary>The number of attachments that are copied; null for all.</summary>
    public int? Attachments { get; init; }

    /// <summary>The seconds without progress after which the command ends; null for the default.</summary>
    public int? Timeout { get; init; }

    /// <summary>A text that the output or the error has.</summary>
    public string? Says { get; init; }
}

/// <summary>The command of a case.</summary>
internal enum ScriptedCommand
{
    /// <summary>Copies from the registry to a folder.</summary>
    Pull,

    /// <summary>Copies from a folder to the registry.</summary>
    Push,

    /// <summary>Inspects the image in the registry.</summary>
    Inspect,

    /// <summary>Verifies the image in the registry.</summary>
    Verify,
}
