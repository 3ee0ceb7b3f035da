using Gantry.Http;
using Gantry.Oci;

namespace Gantry.Registries;

/// <summary>
/// GAN2xxx: reading from and writing to registries and layout folders. No message contains a credential or a query string.
/// </summary>
internal static class RegistryErrors
{
    /// <summary>Creates the error for a failure: a transient one for those that may pass.</summary>
    public static Exception Of(HttpFailure failure) => failure.Kind switch
    {
        HttpFailureKind.Unreachable =>
            new TransientException(FailureKind.Connect, Unreachable(failure.Host, failure.Reason, failure.Exception)),
        HttpFailureKind.Untrusted => TlsFailed(failure.Host, failure.Reason, failure.Exception),
        HttpFailureKind.Stalled =>
            new TransientException(FailureKind.Broken, Stalled(failure.Host, failure.What, failure.Limit, failure.Exception)),
        HttpFailureKind.TooLarge => OciErrors.DocumentTooLarge(failure.What, $"from {failure.Host}", failure.Number),
        HttpFailureKind.Redirect => UnexpectedAnswer(failure.Host, failure.What, failure.Reason),
        HttpFailureKind.InsecureRedirect => PlainHttp(failure.Host, failure.Reason),
        HttpFailureKind.EndlessRedirect => TooManyRedirects(failure.Host, failure.What),
        HttpFailureKind.RateLimited =>
            new TransientException(FailureKind.RateLimit, RateLimited(failure.Host, failure.Reason), failure.Pause),
        HttpFailureKind.ServerFailed =>
            new TransientException(FailureKind.Broken, ServerFailed(failure.Host, failure.What, failure.Number)),
        _ => new TransientException(FailureKind.Broken, ConnectionBroken(failure.Host, failure.What, failure.Reason, failure.Exception)),
    };

    public static GantryException Unreachable(string host, string reason, Exception? inner = null) =>
        new("GAN2001", $"the registry {host} cannot be reached ({reason})", "check its name, the network and the proxy settings", inner)
        {
            Kind = ErrorKind.Unreachable,
        };

    public static GantryException NotARegistry(string host, string answer) =>
        new(
            "GAN2002",
            $"{host} does not answer like a registry ({answer})",
            "check the address: it must name a host that serves the OCI distribution API under /v2/") { Kind = ErrorKind.NotARegistry };

    public static GantryException Unauthorized(string location, string action, string reason, string? remedy = null) =>
        new(
            "GAN2003",
            $"{location} refuses {action}: {reason}",
            remedy ?? "sign in with an account that may do this (docker login, az acr login) and check its role")
        {
            Kind = ErrorKind.Unauthorized,
        };

    public static GantryException BlobNotFound(string location, Digest digest) =>
        new("GAN2004", $"the blob {digest} is not in {location}", "push the image again: it is incomplete") { Kind = ErrorKind.NotFound };

    public static GantryException DigestMismatch(string location, Digest expected, string actual, string? encoding = null) =>
        new(
            "GAN2005",
            $"{location} returns content for {expected} whose digest is {actual}{Unasked(encoding)}",
            RemedyOf(encoding, "push the image again, and check the registry's storage and any proxy in front of it"))
        {
            Kind = ErrorKind.DigestMismatch,
        };

    public static GantryException SizeMismatch(string location, Digest digest, long expected, string actual, string? encoding = null) =>
        new(
            "GAN2006",
            $"the content of {digest} in {location} has {actual} instead of {Format.Count(expected, "byte")}{Unasked(encoding)}",
            RemedyOf(encoding, "push the image again: what is stored is truncated or its manifest is wrong"))
        {
            Kind = ErrorKind.DigestMismatch,
        };

    /// <summary>Describes an encoding that no request asks for, because digests are of the bytes as they are stored.</summary>
    public static string Unasked(string? encoding) =>
        encoding is null ? "" : $" (it was sent with Content-Encoding '{encoding}', which was not asked for)";

    private static string RemedyOf(string? encoding, string otherwise) =>
        encoding is null ? otherwise : "turn off the compression of answers in the registry or in the proxy in front of it";

    public static GantryException RateLimited(string host, string detail) =>
        new(
            "GAN2007",
            $"{host} still refuses requests because there are too many ({detail})",
            "wait and run it again; fewer copies at once, or a larger tier of the registry, avoid it") { Kind = ErrorKind.RateLimited };

    public static GantryException TlsFailed(string host, string reason, Exception? inner = null) =>
        new(
            "GAN2008",
            $"no secure connection to {host} can be made: {reason}",
            "trust the authority that issued its certificate, or check the address",
            inner);

    public static GantryException MalformedLayout(string folder, string reason, Exception? inner = null) =>
        new(
            "GAN2010",
            $"the OCI layout {folder} cannot be used: {reason}",
            "repair or remove the folder, then push the image again",
            inner);

    public static GantryException WriteRefused(string location, string what, string reason) =>
        new(
            "GAN2011",
            $"{location} refuses {what}: {reason}",
            "check the registry's policies (immutable tags, quotas, allowed types) and that the repository may be created")
        {
            Kind = ErrorKind.Refused,
        };

    public static GantryException Stalled(string host, string what, TimeSpan limit, Exception? inner = null) =>
        new(
            "GAN2012",
            $"{host} made no progress for {Rounded(limit)} while {what}, over all attempts",
            "check the network and the registry, then run it again; GANTRY_TIMEOUT=300 (seconds) waits longer",
            inner) { Kind = ErrorKind.Stalled };

    private static string Rounded(TimeSpan time) => Format.Duration(TimeSpan.FromSeconds(Math.Round(time.TotalSeconds)));

    public static GantryException ServerFailed(string location, string what, int status) =>
        new(
            "GAN2013",
            $"{location} failed while {what} (status {status}, in every attempt)",
            "check the registry's health, then run it again") { Kind = ErrorKind.ServerFailed };

    public static GantryException PlainHttp(string host, string target) =>
        new(
            "GAN2014",
            $"{host} refers to {target} without TLS",
            "let it refer to an https address; plain HTTP can be allowed for the other host only if the registry itself uses it");

    public static GantryException ConnectionBroken(string host, string what, string reason, Exception? inner = null) =>
        new(
            "GAN2015",
            $"the connection to {host} broke while {what}, in every attempt ({reason})",
            "check the network and the registry, then run it again",
            inner) { Kind = ErrorKind.Broken };

    public static GantryException UnexpectedAnswer(string location, string what, string reason, Exception? inner = null) =>
        new(
            "GAN2016",
            $"{location} answers {what} in an unexpected way: {reason}",
            "check that the registry follows the OCI distribution specification",
            inner)
        {
            Kind = ErrorKind.UnexpectedAnswer,
        };

    public static GantryException EndlessList(string location, string what, string reason) =>
        new(
            "GAN2017",
            $"{location} lists {what} without an end: {reason}",
            "check that the registry follows the OCI distribution specification");

    public static GantryException ReferrerNotListed(string location, Digest subject, Digest referrer) =>
        new(
            "GAN2040",
            $"{location} says that it lists {referrer} as a referrer of {subject}, and does not",
            "check the registry: signatures and records that it does not list cannot be found")
        {
            Kind = ErrorKind.UnexpectedAnswer,
        };

    public static GantryException KeepsNoReferrers(string location, Digest subject, GantryException? refusal = null)
    {
        var tag = Referrer.FallbackTag(subject);
        return new(
            "GAN2041",
            $"{location} keeps no referrers: it does not list them, and it "
                + (refusal is null ? $"reads the tag '{tag}' as a digest" : $"refuses the tag '{tag}' ({refusal.Problem})"),
            "use a registry with the OCI referrers API where images have signatures or records, or leave referrers out",
            refusal);
    }

    public static GantryException IncompleteList(string location, string what, string reason) =>
        new(
            "GAN2042",
            $"{location} does not list {what} to the end: {reason}",
            "check the registry and any proxy in front of it, then run it again")
        {
            Kind = ErrorKind.UnexpectedAnswer,
        };

    public static GantryException TagsNotListed(string location, string reason) =>
        new(
            "GAN2043",
            $"{location} does not list its tags ({reason}), so those that belong to an image are asked for one by one",
            "check the registry when this slows copies down");

    public static GantryException UnreadableReferrers(string location, Digest subject) =>
        new(
            "GAN2045",
            $"{location} lists the tag '{Referrer.FallbackTag(subject)}' and returns the image itself under it, "
                + "so referrers that were listed there are not found",
            "sign the image again in a registry with the OCI referrers API when signatures are missing");

    public static GantryException ReferrersDenied(string location, GantryException refusal) =>
        new(
            "GAN2044",
            $"{location} may not be asked for referrers ({refusal.Problem}), so only those under the fallback tag are found",
            "give the account the right to list referrers when signatures or records are missing",
            refusal);

    public static GantryException CredentialHelper(string helper, string host, string reason) =>
        new(
            "GAN2018",
            $"the credential helper {helper} gives no credential for {host}: {reason}",
            "install or repair it, sign in again, or remove it from Docker's config.json");

    public static GantryException HelperRefused(string helper, string host, string act, int exitCode) =>
        new(
            "GAN2053",
            $"the credential helper {helper} did not {act} the credential for {host}: it ended with code {exitCode}",
            "repair it, or remove it from Docker's config.json");

    public static GantryException CredentialFile(string path, string reason) =>
        new(
            "GAN2019",
            $"Docker's configuration {path} cannot be read: {reason}",
            "correct or remove the file, or sign in again with docker login");

    public static GantryException CredentialFileNotWritten(string path, string reason) =>
        new(
            "GAN2051",
            $"Docker's configuration {path} cannot be written: {reason}",
            "make it writable, or name another folder with DOCKER_CONFIG");

    public static GantryException NoDockerConfig() =>
        new("GAN2052", "there is no home folder for Docker's configuration", "name a folder with DOCKER_CONFIG");

    public static GantryException OutsideLayout(string path) =>
        new(
            "GAN2020",
            $"the layout entry {path} is a link or leads out of its folder",
            "replace it with what it points to: links are not followed in image layouts");

    public static GantryException LayoutLocked(string what, TimeSpan waited) =>
        new(
            "GAN2021",
            $"{what} has been locked by another process for {Format.Duration(waited)}",
            "wait for the other process to end, or end it, then run it again");

    public static GantryException TooManyRedirects(string location, string what) =>
        new("GAN2023", $"{location} redirects {what} again and again", "check the registry and any proxy in front of it");

    public static GantryException LayoutName(string repository) =>
        new(
            "GAN2024",
            $"a layout folder cannot hold a repository named '{repository}'",
            "use a name without the parts 'blobs', 'index.json' and 'oci-layout'");

    public static GantryException TokenRefused(string host, string realm, string reason, string? remedy = null) =>
        new(
            "GAN2025",
            $"the token server {realm} gives no token for {host}: {reason}",
            remedy ?? "sign in again (docker login, az acr login) and check that the account may use this repository")
        {
            Kind = ErrorKind.Unauthorized,
        };

    public static GantryException DeletionOff(string location, string reason) =>
        new(
            "GAN4710",
            $"deletion is switched off in the registry of {location}: {reason}",
            "switch it on (docker-registry: REGISTRY_STORAGE_DELETE_ENABLED=true), or delete with the registry's own tools")
        {
            Kind = ErrorKind.Refused,
        };

    public static GantryException NotDeleted(string location, Digest digest, string reason) =>
        new(
            "GAN4711",
            $"{location} refuses to delete {digest}: {reason}",
            "find out what holds it there (a lock, a rule of the registry, a reference), and run it again")
        {
            Kind = ErrorKind.Refused,
        };

    public static GantryException Vanished(string layout, Digest digest) =>
        new(
            "GAN4712",
            $"{digest} was removed from the OCI layout {layout} while an image that needs it was written",
            "run it again, which writes it again; a collection of unused blobs ran at the same time");

    public static GantryException ManifestGone(string layout, Digest digest) =>
        new(
            "GAN4719",
            $"the manifest {digest} is missing in the OCI layout {layout}, so the blobs that it needs are not known; nothing is removed",
            "copy the image there again, or delete its tag (gantry delete)");

    public static GantryException TagsDiffer(string folder, string tag) =>
        new(
            "GAN2026",
            $"the OCI layout {folder} has the tag '{tag}' on several images",
            "remove all but one of these entries from its index.json");

    public static GantryException SchemaOne(string location, string reference) =>
        new("GAN2027", $"{location} holds '{reference}' in Docker's retired schema 1", "push the image again with a current tool");

    public static GantryException UnusableCertificate(string file, string reason, Exception? inner = null) =>
        new(
            "GAN2037",
            $"the certificate {file} cannot be used: {reason}",
            "correct or remove the file; authorities are *.crt, client certificates *.cert with *.key, in PEM",
            inner);

    public static GantryException MalformedVariable(string variable, string value, string expected) =>
        new(
            "GAN2038",
            $"the environment variable {variable} has {Format.Refused(value)}, which is not {expected}",
            "correct it, or remove it");
}
