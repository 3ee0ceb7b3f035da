using Gantry.AzurePipelines.Service;

namespace Gantry.AzurePipelines.Preview;

/// <summary>GAN9055, GAN9059 to GAN9066: errors of the service about generated pipelines.</summary>
internal static class PreviewErrors
{
    public static Diagnostic NoPipeline(string path, string file) =>
        Error(
            "GAN9055",
            $"no pipeline runs {file} yet, so the service cannot preview it",
            "create the pipeline from that file (Pipelines > New pipeline > Existing Azure Pipelines YAML file)",
            path);

    public static Diagnostic OtherPipeline(string path, string file) =>
        Error(
            "GAN9059",
            $"the service previewed something other than {file}",
            "run it again; if the error persists, check the pipeline's file and default branch",
            path);

    public static Diagnostic Refused(string path, string file, string sentence) =>
        Error("GAN9060", $"the service would not run {file}: {sentence}", "correct what it says in the declaration", path);

    public static Diagnostic NoEnvironment(string path, string environment, string sentence) =>
        Error(
            "GAN9061",
            $"the pipeline may not use the environment '{environment}', or there is none: {sentence}",
            "run ProvisionEnvironments, which creates it and lets the pipeline use it",
            path);

    public static Diagnostic NoResource(string path, string what, string sentence) =>
        Error(
            "GAN9062",
            $"the pipeline may not use {what}, or there is none: {sentence}",
            "create it or correct its name in the declaration, then run ProvisionEnvironments, which lets the pipeline use it",
            path);

    public static Diagnostic NotPermitted(string path, string what, string sentence) =>
        Error(
            "GAN9062",
            $"the pipeline may not use {what}, or there is none: {sentence}",
            "create it or correct its name in the declaration, then let the pipeline use it on its page (Security > Pipeline permissions), "
                + "or permit it when its first run asks for that",
            path);

    public static Diagnostic NoTask(string path, string task, string sentence) =>
        Error(
            "GAN9063",
            $"the organization does not have the task '{task}': {sentence}",
            "install the extension that brings it, or check the task's name and version",
            path);

    public static Diagnostic NoTemplate(string path, string file, string sentence) =>
        Error(
            "GAN9064",
            $"the service does not find the file '{file}': {sentence}",
            "push it to the branch that is previewed, or correct its repository and path",
            path);

    public static Diagnostic Malformed(string path, string file, string sentence) =>
        Error(
            "GAN9065",
            $"the service finds {file} malformed: {sentence}",
            "generate the files again; if the error persists, it is a bug in the generator: report it with the file",
            path);

    public static Diagnostic Unpushed(string path, string file, string? branch) => new(
        "GAN9066",
        DiagnosticSeverity.Warning,
        $"the service read the template {file} from {branch ?? "the pipeline's default branch"}, where it differs from the local one",
        "push it and run this again",
        path);

    public static GantryException Failed(AzureDevOpsProject project, string pipeline, ErrorDocument error) =>
        new(
            "GAN9048",
            $"{project.Organization.Authority} failed to preview the pipeline {pipeline}: {error.Sentence}",
            "run it again, and check that the service is healthy (status.dev.azure.com)");

    private static Diagnostic Error(string code, string problem, string remedy, string path) =>
        new(code, DiagnosticSeverity.Error, problem, remedy, path);
}
