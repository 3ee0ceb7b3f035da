namespace Gantry.Environments;

/// <summary>
/// Errors of declarations: images and environments (GAN400x), gates (GAN5001), deployments and health checks (GAN407x, GAN4612), slices
/// (GAN4099), waves (GAN4620).
/// </summary>
internal static class EnvironmentErrors
{
    public static GantryException NoImages() =>
        new("GAN4001", "the build declares no image", "declare at least one, as in: new ContainerImage(\"app\") { Project = \"src/App\" }");

    public static GantryException DuplicateImage(string name) =>
        new("GAN4001", $"the image '{name}' is declared twice", "give each image a name of its own");

    public static GantryException ImageWithoutPlatform(string name) =>
        new("GAN4002", $"the image '{name}' is declared for no platform", "name at least one, for example linux/amd64");

    public static GantryException UnreadableCompression(string image, string host, string environment) =>
        new(
            "GAN4069",
            $"the image '{image}' is declared with layers compressed with zstd, which {host} in {environment} is not known to read",
            "remove Compression from the declaration of the image, or the deployment from that of the environment");

    public static GantryException UnusableSlices(string environment, int slices) =>
        new(
            "GAN4099",
            $"the environment '{environment}' is declared with {slices} slices",
            $"declare 1 to {Limits.Slices}, or leave Slices out");

    public static GantryException TooManySlices(string environment, int slices, int images) =>
        new(
            "GAN4099",
            $"the environment '{environment}' is declared with {slices} slices, and a release has {Format.Count(images, "image")}",
            $"declare at most {images}, or leave Slices out");

    public static GantryException NoEnvironments() =>
        new("GAN4003", "the build declares no environment", "declare at least one, as in: new PromotionEnvironment(\"dev\")");

    public static GantryException UnusableEnvironmentName(string name) =>
        new(
            "GAN4004",
            $"'{name}' cannot be the name of an environment or region",
            "use letters and digits, in words separated by '-' or '_', starting with a letter");

    public static GantryException AmbiguousEnvironments(string name, string other, string identifier) =>
        new("GAN4005", $"the environment '{name}' and {other} both need the name '{identifier}'", "rename one of them");

    public static GantryException UndeclaredPredecessor(string name, string after) =>
        new(
            "GAN4006",
            $"the environment '{name}' comes after '{after}', which is not declared",
            $"declare '{after}' or let '{name}' come after another environment");

    public static GantryException CircularEnvironments(IEnumerable<string> way) =>
        new("GAN4007", $"the environments form a cycle: {string.Join(" after ", way)}", "let one of them come first");

    public static GantryException UnknownEnvironment(string name, IEnumerable<PromotionEnvironment> known) =>
        new("GAN4008", $"there is no environment '{name}'", Format.Choice(known, "declare it first"));

    public static GantryException UnsoundGate(string gate, string environment, string fault) =>
        new(
            "GAN5001",
            $"the gate '{gate}' of the environment '{environment}' cannot hold: {fault}",
            "correct the gate in the declaration of the environment");

    public static GantryException UnsoundDeployment(string deployment, string environment, string fault) =>
        new(
            "GAN4070",
            $"the deployment '{deployment}' of the environment '{environment}' cannot be done: {fault}",
            "correct it in the declaration of the environment");

    public static GantryException UnsoundHealthCheck(string check, string environment, string fault) =>
        new(
            "GAN4071",
            $"the {check} of the environment '{environment}' cannot pass: {fault}",
            "correct it in the declaration of the environment");

    public static GantryException VariableMissing(string variable, string what) =>
        new(
            "GAN4073",
            $"{what} needs the variable {variable}, which is not set",
            "set it in the environment; in Azure Pipelines, as a secret variable of the pipeline or of the environment's variable group");

    public static GantryException VariableUnusable(string text, string what, string reason) =>
        new("GAN4074", $"{what} uses {text}, whose value is {reason}", "correct the value of the variable");

    public static GantryException NothingToReturnAfter(string environment) =>
        new(
            "GAN4612",
            $"the environment '{environment}' is declared to return when a health check fails, and has none",
            "declare a health check, or leave ReturnsOnFailure out");

    public static GantryException UnsoundWaves(string environment, string fault) =>
        new(
            "GAN4620",
            $"the waves of the environment '{environment}' are not sound: {fault}",
            "put every region into exactly one wave, as in: Waves = [[\"west-europe\"], [\"east-us\", \"uk-south\"]]");

    public static GantryException UnsoundNotification(string notification, string environment, string fault) =>
        new(
            "GAN4170",
            $"the notification '{notification}' of the environment '{environment}' cannot be used: {fault}",
            "correct it in the declaration of the environment");
}
