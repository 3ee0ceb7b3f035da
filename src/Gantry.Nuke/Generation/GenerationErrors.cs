using Gantry.AzurePipelines;

namespace Gantry.Nuke.Generation;

/// <summary>
/// GAN4521, GAN703x, GAN8082, GAN8217, GAN8230, GAN8301 and GAN8302: reasons why files cannot be generated from a build class.
/// </summary>
internal static class GenerationErrors
{
    public static GantryException NothingToPromote(string build) =>
        new(
            "GAN7030",
            $"the build class '{build}' has [PromotionPipeline], [PromotionWorkflow] or [AdmissionPolicies], but does not implement "
                + "IPromote",
            "implement IPromote, or remove the attribute");

    public static GantryException NothingToVerify(string build) =>
        new(
            "GAN4521",
            $"the build class '{build}' has [DriftPipeline], and not both IVerifyEnvironments and [PromotionPipeline]",
            "implement the one and put the other on it, or remove the attribute");

    public static GantryException NothingToVerifyOnGitHub(string build) =>
        new(
            "GAN4521",
            $"the build class '{build}' has [DriftWorkflow], and not both IVerifyEnvironments and [PromotionWorkflow]",
            "implement the one and put the other on it, or remove the attribute");

    public static GantryException TwoLogins() =>
        new(
            "GAN8082",
            "the login of every registry cannot be used: [PromotionPipeline] has a RegistryConnection and a RegistryUser",
            "name one of the two there, and give single registries another login in PipelineSettings (WithRegistry)");

    public static GantryException TargetsUnknown(string build) =>
        new(
            "GAN7031",
            $"the generated files of '{build}' cannot be verified: its targets are not known",
            "derive it from GantryBuild, or put [RegenerateFiles] on it");

    public static GantryException NoTargetPipeline(string build, string member) => new(
        "GAN7032",
        $"the build class '{build}' has [TargetPipeline(\"{member}\")], but no property '{member}' that gives a TargetPipeline",
        "declare it, or remove the attribute");

    public static GantryException UnknownTarget(string pipeline, string stage, string target, IEnumerable<string> known) => new(
        "GAN7033",
        $"the stage '{stage}' of {pipeline} runs the target '{target}', which the build does not have",
        Format.Choice(known, "declare it first"));

    public static GantryException MalformedApprover(string pair) => new(
        "GAN8217",
        $"'{pair}' among the Approvers of [PromotionWorkflow] does not say who it is in GitHub",
        @"write the approver, '=' and the user or team: [Contoso]\QA=@contoso/qa");

    public static GantryException ApproverTwice(string approver) => new(
        "GAN8230",
        $"the approver '{approver}' is twice among the Approvers of [PromotionWorkflow]",
        "remove one of the two");

    public static Diagnostic UnknownPolicyRegistry(string path, string parameter) => new(
        "GAN8301",
        DiagnosticSeverity.Error,
        $"no policy can be written, because the address of the registry '{parameter}' is not known",
        "name it as Registry of [AdmissionPolicies], or leave the environment out of its Environments",
        path);

    public static Diagnostic PolicyOfFolder(string path, string parameter, string address) => new(
        "GAN8302",
        DiagnosticSeverity.Warning,
        $"no policy was written, because no cluster reads the registry '{parameter}' at '{address}'",
        "name a registry, or leave the environment out of the Environments of [AdmissionPolicies]",
        path);

    public static Diagnostic NoPolicies(GantryException reason, string path) =>
        new(reason.Code, DiagnosticSeverity.Error, reason.Problem, reason.Remedy, path);
}
