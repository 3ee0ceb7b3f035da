namespace Gantry.Nuke.Versioning;

/// <summary>A failure of git, with the reason that it gives.</summary>
internal sealed class GitException(string reason) : Exception(reason);
