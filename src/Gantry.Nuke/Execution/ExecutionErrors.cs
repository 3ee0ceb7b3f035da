namespace Gantry.Nuke.Execution;

/// <summary>GAN4065, GAN7020, GAN7048 and GAN7052: a run and its id, its interruption, and its log.</summary>
internal static class ExecutionErrors
{
    public static GantryException NoBuildId(string variable, string value, string system) =>
        new(
            "GAN4065",
            $"the environment variable {variable} is {Format.Refused(value)}, which is not the id of a run",
            $"remove it from the environment: {system} sets it to a number");

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
