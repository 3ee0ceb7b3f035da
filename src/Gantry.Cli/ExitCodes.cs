namespace Gantry.Cli;

/// <summary>The exit codes of the command line, which docs/reference/exit-codes.md lists.</summary>
internal static class ExitCodes
{
    /// <summary>Everything was done.</summary>
    public const int Success = 0;

    /// <summary>The command failed with an error message.</summary>
    public const int Failure = 1;

    /// <summary>The command line is not valid; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>
    /// A dry run found something that it would change, or a comparison something that differs. Without it both end with
    /// <see cref="Success"/>.
    /// </summary>
    public const int WouldChange = 3;

    /// <summary>What is to be verified is not signed.</summary>
    public const int NoProof = 4;

    /// <summary>What is signed does not count: another key, place or content.</summary>
    public const int InvalidProof = 5;

    /// <summary>The order of environments is broken, or the history has a gap.</summary>
    public const int BrokenChain = 6;

    /// <summary>All holds, and a person has let the image pass a check.</summary>
    public const int Bypassed = 7;

    /// <summary>A release in an environment stands on a base image that has moved on.</summary>
    public const int MovedBaseImage = 8;

    /// <summary>A gate does not let the release pass, or a person has said no; nothing was written.</summary>
    public const int NotAllowed = 9;

    /// <summary>The command was cancelled with Ctrl-C (SIGINT).</summary>
    public const int Cancelled = 130;

    /// <summary>The command was cancelled by the signal SIGTERM.</summary>
    public const int Terminated = 143;

    /// <summary>The command was cancelled by the signal SIGHUP.</summary>
    public const int HungUp = 129;
}
