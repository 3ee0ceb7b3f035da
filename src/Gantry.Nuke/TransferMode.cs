namespace Gantry.Nuke;

/// <summary>The way to transfer an image to the registry of an environment.</summary>
public enum TransferMode
{
    /// <summary>The registry imports it when possible; otherwise it is copied, and the plan gives the reason.</summary>
    Auto,

    /// <summary>
    /// The registry imports it from the base registry, or the promotion fails. No image data passes through this machine.
    /// </summary>
    Import,

    /// <summary>This machine reads and writes it.</summary>
    Copy,
}
