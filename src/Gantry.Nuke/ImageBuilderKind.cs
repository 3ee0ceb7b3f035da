namespace Gantry.Nuke;

/// <summary>The ways to build images.</summary>
public enum ImageBuilderKind
{
    /// <summary>In process when the Dockerfile only copies, otherwise with a Docker engine.</summary>
    Auto,

    /// <summary>With a Docker engine, for every Dockerfile.</summary>
    Docker,

    /// <summary>In process; a Dockerfile that does more than copy is an error.</summary>
    Oci,
}
