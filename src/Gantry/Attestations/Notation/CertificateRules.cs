using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Gantry.Attestations.Notation;

/// <summary>
/// The rules for the certificates of a signature. Verifiers of Notation refuse a signature whose certificates break them, so it is not
/// made.
/// </summary>
internal static class CertificateRules
{
    private const string CodeSigning = "1.3.6.1.5.5.7.3.3";

    private const X509KeyUsageFlags OtherThanSigning =
        X509KeyUsageFlags.KeyEncipherment | X509KeyUsageFlags.DataEncipherment | X509KeyUsageFlags.KeyAgreement
        | X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.EncipherOnly | X509KeyUsageFlags.DecipherOnly;

    private static readonly Dictionary<string, string> s_otherPurposes = new(StringComparer.Ordinal)
    {
        ["2.5.29.37.0"] = "anyExtendedKeyUsage",
        ["1.3.6.1.5.5.7.3.1"] = "serverAuth",
        ["1.3.6.1.5.5.7.3.2"] = "clientAuth",
        ["1.3.6.1.5.5.7.3.4"] = "emailProtection",
        ["1.3.6.1.5.5.7.3.8"] = "timeStamping",
        ["1.3.6.1.5.5.7.3.9"] = "OCSPSigning",
    };

    /// <summary>Throws <c>GAN4243</c> when a rule is broken, except for that of the time, which only a signature has.</summary>
    public static void Ensure(IReadOnlyList<X509Certificate2> certificates, string origin)
    {
        if (FindFault(certificates) is { } fault)
            throw NotationErrors.UnusableChain(origin, fault);
    }

    private static string? FindFault(IReadOnlyList<X509Certificate2> certificates) =>
        FindOrderFault(certificates)
        ?? FindSignerFault(certificates[0])
        ?? certificates.Skip(1).Select(FindIssuerFault).FirstOrDefault(fault => fault is not null)
        ?? FindSignatureFault(certificates);

    private static string? FindOrderFault(IReadOnlyList<X509Certificate2> certificates)
    {
        for (var i = 0; i < certificates.Count - 1; i++)
        {
            if (IsIssuedBy(certificates[i], certificates[i]))
                return $"its root '{certificates[i].Subject}' is not the last certificate";
            if (!IsIssuedBy(certificates[i], certificates[i + 1]))
                return $"its certificate '{certificates[i].Subject}' is not followed by that of its issuer '{certificates[i].Issuer}'";
        }

        var last = certificates[^1];
        return IsIssuedBy(last, last) ? null : $"its root is missing: '{last.Issuer}', which has issued '{last.Subject}'";
    }

    private static string? FindSignerFault(X509Certificate2 signer)
    {
        if (Find<X509BasicConstraintsExtension>(signer) is { CertificateAuthority: true })
            return "its first certificate is that of an authority";
        if (Find<X509KeyUsageExtension>(signer) is not { Critical: true } usage)
            return "its first certificate has no critical keyUsage";
        if (!usage.KeyUsages.HasFlag(X509KeyUsageFlags.DigitalSignature) || (usage.KeyUsages & OtherThanSigning) != X509KeyUsageFlags.None)
            return $"the keyUsage of its first certificate is {usage.KeyUsages}, and not DigitalSignature only";
        if (Find<X509EnhancedKeyUsageExtension>(signer) is not { } purposes)
            return null;
        var identifiers = purposes.EnhancedKeyUsages.Cast<Oid>().Select(purpose => purpose.Value ?? "").ToList();
        if (identifiers.Select(purpose => s_otherPurposes.GetValueOrDefault(purpose)).OfType<string>().FirstOrDefault() is { } other)
            return $"the extendedKeyUsage of its first certificate has {other}";
        return identifiers.Contains(CodeSigning) ? null : "the extendedKeyUsage of its first certificate has no codeSigning";
    }

    private static string? FindIssuerFault(X509Certificate2 issuer)
    {
        if (Find<X509BasicConstraintsExtension>(issuer) is not { CertificateAuthority: true, Critical: true })
            return $"'{issuer.Subject}' is not the certificate of an authority (critical basicConstraints)";
        return Find<X509KeyUsageExtension>(issuer) is { Critical: true } usage && usage.KeyUsages.HasFlag(X509KeyUsageFlags.KeyCertSign)
            ? null
            : $"'{issuer.Subject}' may not issue certificates (critical keyUsage with keyCertSign)";
    }

    // The signatures, and the constraints on the length of the path. Nothing is fetched for it.
    private static string? FindSignatureFault(IReadOnlyList<X509Certificate2> certificates)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        chain.ChainPolicy.CustomTrustStore.Add(certificates[^1]);
        foreach (var certificate in certificates.Skip(1))
            chain.ChainPolicy.ExtraStore.Add(certificate);
        var isValid = chain.Build(certificates[0]);
        var elements = chain.ChainElements.Select(element => element.Certificate).ToList();
        var reasons = chain.ChainStatus.Where(status => status.Status != X509ChainStatusFlags.NotTimeValid).ToList();
        try
        {
            return isValid && elements.Count == certificates.Count && elements.Zip(certificates).All(pair => pair.First.Equals(pair.Second))
                ? null
                : $"its certificates are no chain ({(reasons is [var reason, ..] ? reason.Status : "another path is valid")})";
        }
        finally
        {
            elements.ForEach(element => element.Dispose());
        }
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 issuer) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(issuer.SubjectName.RawData);

    private static T? Find<T>(X509Certificate2 certificate)
        where T : X509Extension => certificate.Extensions.OfType<T>().FirstOrDefault();
}
