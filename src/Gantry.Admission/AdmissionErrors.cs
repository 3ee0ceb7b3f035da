namespace Gantry.Admission;

/// <summary>GAN8300 and GAN8303 to GAN8309: reasons why no policies can be written for an environment.</summary>
internal static class AdmissionErrors
{
    public static GantryException NoKey(string environment, int revoked) => new(
        "GAN8300",
        revoked == 0
            ? $"no policy can be written for '{environment}': it has no trusted key"
            : $"no policy can be written for '{environment}': all of its {Format.Count(revoked, "key")} are revoked",
        $"add the public key that signs its promotions, as in keys/{environment}/2026.pub, or leave the environment out");

    public static GantryException NoRepository(string environment) => new(
        "GAN8303", $"no policy can be written for '{environment}': it has no repository", "name the repositories of its images");

    public static GantryException MalformedRepository(string environment, string repository) => new(
        "GAN8303",
        $"'{repository}' of '{environment}' is not a repository that a cluster could name",
        "write the host and the path, without tag and digest: contosoprod.azurecr.io/shop/api");

    public static GantryException UnusableVerifier(string environment, string verifier, string reason) => new(
        "GAN8304",
        $"the verifier '{verifier}' of '{environment}' cannot be in a policy: {reason}",
        "name it by an absolute URI without '*', '?' and '$', such as https://contoso.com/gantry/verifier/v1");

    public static GantryException MalformedNamespace(string environment, string name) => new(
        "GAN8305",
        $"'{name}' of '{environment}' is not the name of a namespace of Kubernetes",
        "write its name in full: at most 63 lower-case letters, digits and '-'");

    public static GantryException MalformedAllowedImage(string environment, string image) => new(
        "GAN8306",
        $"'{image}' among the AllowedImages of '{environment}' names no registry",
        "write the registry, and '*' only after it: mcr.microsoft.com/oss/*");

    public static GantryException AllowedEverywhere(string environment) => new(
        "GAN8306",
        $"'{environment}' has AllowedImages and no Namespaces, which would refuse the images of the cluster itself",
        "name the namespaces of the application");

    public static GantryException UnusableSubject(string environment, string? subject, string reason) => new(
        "GAN8307",
        $"the certificate subject '{subject}' of '{environment}' cannot be in a trust policy: {reason}",
        "write it as C=DE, ST=Berlin, O=Contoso, CN=prod, with '\\' before ',', ';' and '\\' in a value");

    public static GantryException UnusableTrustStore(string environment, string name) => new(
        "GAN8307",
        $"'{name}' of '{environment}' cannot be the name of a trust store",
        "use letters, digits, '.', '-' and '_'");

    public static GantryException UnusableFolder(string folder, string reason) => new(
        "GAN8308",
        $"'{folder}' cannot be the folder of the policies: {reason}",
        "write a path relative to the root of the repository, with '/' between folders");

    public static GantryException NoEngine(string environment) => new(
        "GAN8309", $"no policy would be written for '{environment}': no engine is named", "name one, such as KyvernoBundle");

    public static GantryException UnusableEnvironment(string environment) => new(
        "GAN8309",
        $"'{environment}' cannot be the name of an environment in a cluster",
        "use at most 200 letters, digits, '-' and '_', starting with a letter");
}
