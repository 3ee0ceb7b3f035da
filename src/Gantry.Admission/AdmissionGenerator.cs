namespace Gantry.Admission;

/// <summary>Generates the policies of environments.</summary>
public static class AdmissionGenerator
{
    /// <summary>
    /// Generates the files of an environment. Writes nothing, asks nothing, and returns the same files for the same target on every day.
    /// </summary>
    /// <param name="target">The environment.</param>
    /// <param name="options">The files to generate; null for the defaults.</param>
    /// <exception cref="GantryException">
    /// <c>GAN8300</c> without a key that counts; <c>GAN8303</c> to <c>GAN8309</c> for a value that cannot be in a policy.
    /// </exception>
    public static IReadOnlyList<AdmissionFile> Generate(AdmissionTarget target, AdmissionOptions? options = null)
    {
        options ??= new();
        AdmissionRules.Check(target, options);
        var files = new List<AdmissionFile>();
        if (options.Engines.HasFlag(AdmissionEngines.KyvernoBundle))
            files.Add(KyvernoClusterPolicy.WriteForBundles(target, options));
        if (options.Engines.HasFlag(AdmissionEngines.KyvernoImageValidating))
            files.Add(KyvernoImageValidatingPolicy.Write(target, options));
        if (options.Engines.HasFlag(AdmissionEngines.KyvernoTags))
            files.Add(KyvernoClusterPolicy.WriteForTags(target, options));
        if (options.Engines.HasFlag(AdmissionEngines.PolicyController))
            files.Add(PolicyControllerPolicy.Write(target, options));
        if (options.Engines.HasFlag(AdmissionEngines.Cosign))
            files.AddRange(CosignPolicy.Write(target, options));
        if (options.Engines.HasFlag(AdmissionEngines.Notation))
            files.Add(NotationTrustPolicy.Write(target, options));
        return files;
    }

    /// <summary>
    /// Returns true when a file was generated: it may be deleted when nothing that is declared makes it any more.
    /// </summary>
    /// <param name="text">The content of the file.</param>
    public static bool IsGenerated(string text) =>
        PolicyHeader.IsIn(text)
        || (text.Contains("\"trustPolicies\"", StringComparison.Ordinal)
            && text.Contains($"\"name\": \"{NotationTrustPolicy.NameStart}", StringComparison.Ordinal));
}
