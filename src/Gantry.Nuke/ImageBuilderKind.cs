namespace Gantry.Nuke;

/// <summary>How images are built.</summary>
public enum ImageBuilderKind
{
    /// <summary>In process where the Dockerfile only copies, by a Docker engine otherwise.</summary>
    Auto,

    /// <summary>By a Docker engine, whatever the Dockerfile says.</summary>
    Docker,

    /// <summary>In process; a Dockerfile that does more than copy is an error.</summary>
    Oci,
}
