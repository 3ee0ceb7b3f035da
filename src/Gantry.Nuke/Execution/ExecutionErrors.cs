namespace Gantry.Nuke.Execution;

/// <summary>GAN7020, GAN7048 and GAN7052: a run that was interrupted, and its log.</summary>
internal static class ExecutionErrors
{
    public static GantryException Interrupted() =>
        new(
            "GAN7020",
            "the build was interrupted",
            "run it again: it continues where it stopped, and no tag points to an incomplete image");

    public static GantryException AnotherRun(string log) => new(
        "GAN7048",
        $"another run of this build is in progress in this folder: {log} is in use",
        "wait until it has ended, or run in another clone");

    public static GantryException LogNotWritable(string log) =>
        new("GAN7052", $"the log {log} is not writable", "correct its permissions, or delete it: a run as another user may have left it");
}
