using Gantry.Admission.Languages;
using Gantry.Attestations;

namespace Gantry.Admission;

/// <summary>
/// Policies for <c>cosign verify-attestation --policy</c>: one for each repository, because cosign itself does not compare places.
/// </summary>
internal static class CosignPolicy
{
    /// <summary>Writes the policies.</summary>
    public static IEnumerable<AdmissionFile> Write(AdmissionTarget target, AdmissionOptions options) =>
        from repository in target.Repositories.Distinct()
        let path = $"{options.Folder}/{target.Environment}/cosign/{PlaceNames.FileName(repository)}.rego"
        select new AdmissionFile(path, Comment(target, options, repository, path) + RegoPolicy.ForCosign(target, repository));

    private static string Comment(AdmissionTarget target, AdmissionOptions options, string repository, string path)
    {
        IReadOnlyList<string> limits =
        [
            .. TrustedKeys.Of(target).Select(key =>
                $"cosign verify-attestation --key {key.Name} --insecure-ignore-tlog --type {PredicateTypes.VerificationSummary} "
                    + $"--policy {path} {repository}@sha256:…"),
            .. PolicyHeader.BreakGlassForAll(target),
        ];
        return string.Concat(PolicyHeader.Of(target, options, limits).Select(line => $"# {PolicyComment.Line(line)}\n"));
    }
}
