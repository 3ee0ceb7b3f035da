using Gantry.AzurePipelines.Model;

namespace Gantry.AzurePipelines.Validation;

/// <summary>GAN8027 to GAN8033: what is well formed, and still more than the service or one of its tasks takes.</summary>
internal static class LimitErrors
{
    public static Diagnostic LongInstructions(string path, string step, int length, int limit) =>
        Error(
            "GAN8027",
            $"the instructions of {step} have {Format.Count(length, "character")}, but the service takes {limit}",
            "shorten them, or link to a page that has them",
            path);

    public static Diagnostic TooManyJobs(string path, string stage, int count, int limit) =>
        Error(
            "GAN8028",
            $"the stage '{stage}' has {Format.Count(count, "job")}, but the service takes {limit}",
            "divide them among several stages, or do more in one job",
            path);

    public static Diagnostic UnusableArtifactName(string path, string artifact, string reason) =>
        Error("GAN8029", $"'{artifact}' cannot be the name of an artifact: {reason}", "use letters, digits, '-', '_' and '.'", path);

    public static Diagnostic ImageOfNamedPool(string path, NamedPool pool) =>
        Error(
            "GAN8030",
            $"the pool '{pool.Name}' is given the VM image '{pool.Image}', but only the hosted agents of Microsoft have VM images",
            $"use a HostedPool, or leave Image out; a Managed DevOps Pool takes the demand 'ImageOverride -equals {pool.Image}'",
            path);

    public static Diagnostic UnknownTask(string path, string task) => new(
        "GAN8031",
        DiagnosticSeverity.Warning,
        $"'{task}' is none of the tasks that come with Azure DevOps",
        "correct its name or version; for a task of an extension, write its full name, publisher.extension.contribution.Task@1",
        path);

    public static Diagnostic UnknownInput(string path, string task, string input, IEnumerable<string> known) =>
        Error("GAN8032", $"the task '{task}' has no input '{input}'", Format.Choice(known, "leave it out"), path);

    public static Diagnostic MissingInput(string path, string task, string input) =>
        Error("GAN8033", $"the task '{task}' needs the input '{input}'", "give it a value", path);

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);
}
