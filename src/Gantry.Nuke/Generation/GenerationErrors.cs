namespace Gantry.Nuke.Generation;

/// <summary>GAN703x: reasons why files cannot be generated from a build class.</summary>
internal static class GenerationErrors
{
    public static GantryException NothingToPromote(string build) =>
        new("GAN7030", $"the build class '{build}' has [PromotionPipeline], but does not implement IPromote", "implement IPromote, or remove the attribute");

    public static GantryException TargetsUnknown(string build) =>
        new("GAN7031", $"the generated files of '{build}' cannot be verified: its targets are not known", "derive it from GantryBuild, or put [RegenerateFiles] on it");
}
