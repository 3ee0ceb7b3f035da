namespace Gantry.Nuke;

/// <summary>How the bytes of an image come to an environment's registry.</summary>
public enum TransferMode
{
    /// <summary>The registry imports them where it can; otherwise they are copied, and the plan says why.</summary>
    Auto,

    /// <summary>The registry imports them from the base registry, or it is an error: nothing flows through this machine.</summary>
    Import,

    /// <summary>They are read and written by this machine.</summary>
    Copy,
}
