using System.Text.RegularExpressions;
using Gantry.AzurePipelines;
using Gantry.Oci;

namespace Gantry.Admission;

/// <summary>
/// The rules for what can be in a policy. They are stricter than the languages of policies: a character that a wildcard, a variable or a
/// regular expression begins with is refused, even where it could be escaped.
/// </summary>
internal static partial class AdmissionRules
{
    /// <summary>Throws when no policies can be written: <c>GAN8300</c>, <c>GAN8303</c> to <c>GAN8309</c>.</summary>
    public static void Check(AdmissionTarget target, AdmissionOptions options)
    {
        if (RelativePath.Validate(options.Folder) is { } reason)
            throw AdmissionErrors.UnusableFolder(options.Folder, reason);
        if (!EnvironmentName().IsMatch(target.Environment))
            throw AdmissionErrors.UnusableEnvironment(target.Environment);
        if ((options.Engines & AdmissionEngines.All) == AdmissionEngines.None)
            throw AdmissionErrors.NoEngine(target.Environment);
        CheckRepositories(target);
        CheckVerifier(target);
        CheckNamespaces(target);
        CheckAllowedImages(target);
        if (TrustedKeys.Of(target).Count == 0 && options.Engines != AdmissionEngines.Notation)
            throw AdmissionErrors.NoKey(target.Environment, target.Keys.Count);
        if (options.Engines.HasFlag(AdmissionEngines.Notation))
            NotationSubject.Check(target);
    }

    private static void CheckRepositories(AdmissionTarget target)
    {
        if (target.Repositories.Count == 0)
            throw AdmissionErrors.NoRepository(target.Environment);
        foreach (var repository in target.Repositories)
        {
            var slash = repository.IndexOf('/', StringComparison.Ordinal);
            if (slash < 0 || !Host().IsMatch(repository[..slash]) || !Names.IsRepository(repository[(slash + 1)..]))
                throw AdmissionErrors.MalformedRepository(target.Environment, repository);
        }
    }

    // Kyverno compares with wildcards, and puts values of the cluster in place of {{ }} and $( ).
    private static void CheckVerifier(AdmissionTarget target)
    {
        if (!AbsoluteUri().IsMatch(target.VerifierId))
            throw AdmissionErrors.UnusableVerifier(target.Environment, target.VerifierId, "it is not an absolute URI (RFC 3986)");
        if (target.VerifierId.AsSpan().IndexOfAny("*?$") is var at and >= 0)
        {
            throw AdmissionErrors.UnusableVerifier(
                target.Environment, target.VerifierId, $"'{target.VerifierId[at]}' would match other verifiers in Kyverno");
        }
    }

    private static void CheckNamespaces(AdmissionTarget target)
    {
        if (target.Namespaces.FirstOrDefault(name => !NamespaceName().IsMatch(name)) is { } malformed)
            throw AdmissionErrors.MalformedNamespace(target.Environment, malformed);
    }

    private static void CheckAllowedImages(AdmissionTarget target)
    {
        if (target.AllowedImages is not { } allowed)
            return;
        if (target.Namespaces.Count == 0)
            throw AdmissionErrors.AllowedEverywhere(target.Environment);
        if (allowed.FirstOrDefault(image => !AllowedImage().IsMatch(image)) is { } malformed)
            throw AdmissionErrors.MalformedAllowedImage(target.Environment, malformed);
    }

    [GeneratedRegex(@"\A(?=.{1,200}\z)[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EnvironmentName();

    // In lower case, as registry addresses of Gantry are. A host without a dot or a port would be a part of the path in a cluster.
    [GeneratedRegex(@"\A(localhost|(?=.*[.:])[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*)(:[0-9]{1,5})?\z", Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Host();

    // The characters of RFC 3986, section 2, after a scheme.
    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9+.-]*:([A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+\z", Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex AbsoluteUri();

    [GeneratedRegex(@"\A(?=.{1,63}\z)[a-z0-9]([a-z0-9-]*[a-z0-9])?\z", Options, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceName();

    [GeneratedRegex(@"\A(localhost|[a-z0-9-]+(\.[a-z0-9-]+)+|[a-z0-9.-]+(?=:))(:[0-9]{1,5})?/[A-Za-z0-9._:/@*-]+\z", Options,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex AllowedImage();

    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;
}
