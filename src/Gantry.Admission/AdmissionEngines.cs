namespace Gantry.Admission;

/// <summary>The programs that policies are generated for.</summary>
[Flags]
public enum AdmissionEngines
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Kyverno 1.19 or later, with a ClusterPolicy that reads the attestations beside the image (sigstore bundles).</summary>
    KyvernoBundle = 1,

    /// <summary>
    /// Kyverno 1.19 or later, with an ImageValidatingPolicy. It reads the same attestations; of several of one key, the last one counts.
    /// </summary>
    KyvernoImageValidating = 2,

    /// <summary>Kyverno 1.13 or later, with a ClusterPolicy that reads the attestations in the tags of cosign (<c>.att</c>).</summary>
    KyvernoTags = 4,

    /// <summary>The policy-controller of sigstore, with a ClusterImagePolicy. It reads the attestations in the tags of cosign.</summary>
    PolicyController = 8,

    /// <summary>The command line cosign, with a Rego policy for each repository.</summary>
    Cosign = 16,

    /// <summary>Notation and what uses its trust policies, as Ratify does: signatures with a certificate.</summary>
    Notation = 32,

    /// <summary>All.</summary>
    All = KyvernoBundle | KyvernoImageValidating | KyvernoTags | PolicyController | Cosign | Notation,
}
