namespace Gantry.Nuke.Generation;

/// <summary>GAN703x: what keeps files from being generated from a build class.</summary>
internal static class GenerationErrors
{
    public static GantryException NothingToPromote(string build) =>
        new("GAN7030", $"the build class '{build}' has [PromotionPipeline], but it is no IPromote", "implement IPromote, or remove the attribute");

    public static GantryException TargetsUnknown(string build) =>
        new("GAN7031", $"the generated files of '{build}' cannot be verified: nothing told which targets it has", "derive it from GantryBuild, or put [RegenerateFiles] on it");
}
