namespace Gantry.AzurePipelines.Model;

/// <summary>The submodules that a checkout includes.</summary>
public enum SubmoduleCheckout
{
    /// <summary>No submodules.</summary>
    None,

    /// <summary>The submodules of the repository, without those that they have themselves.</summary>
    Direct,

    /// <summary>The submodules of the repository, and all of theirs.</summary>
    Recursive,
}
