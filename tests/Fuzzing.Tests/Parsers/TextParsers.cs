using Gantry.Attestations.Notation;
using Gantry.AzurePipelines.Expressions;
using Gantry.AzurePipelines.Validation;
using Gantry.Docker.Engine;
using Gantry.Environments;
using Gantry.Http;
using Gantry.Oci;
using Gantry.Registries;
using Gantry.Registries.Remote;
using Gantry.Signing;

namespace Fuzzing.Tests.Parsers;

/// <summary>Parsers of lines: addresses, names, headers, variables.</summary>
internal static class TextParsers
{
    private static readonly Uri s_page = new("https://registry.example.com/v2/app/tags/list?n=100");

    public static IReadOnlyList<Parser> All { get; } =
    [
        Parser.OfText("reference", text =>
        {
            var reference = ImageReference.Parse(text);
            Assert.Equal(reference, ImageReference.Parse(reference.ToString()));
        }),
        Parser.OfText("address", text =>
        {
            var address = RegistryAddress.Parse(text);
            Assert.Equal(address, RegistryAddress.Parse(address.ToString()));
        }),
        Parser.OfText("location", text => ImageLocation.Parse(text)),
        Parser.OfText("digest", text => Assert.Equal(text, Digest.Parse(text).ToString())),
        Parser.OfText("signing-key", text =>
        {
            var key = SigningKeyReference.Parse(text);
            Assert.Equal(key, SigningKeyReference.Parse(key.Text));
            Assert.False(key.ForEnvironment("prod").IsPattern);
        }),
        Parser.OfText("trusted-key", text =>
        {
            var key = TrustedKey.Parse(text, "the test");
            Assert.Equal(key, TrustedKey.Parse(key.ToText(), "the test"));
        }),
        Parser.OfText("certificates", text => CertificateChain.Parse(text, "the test")),
        Parser.OfText("platform", text =>
        {
            var platform = Platform.Parse(text);
            Assert.Equal(platform, Platform.Parse(platform.ToString()));
        }),
        Parser.OfText("challenge", text => Assert.All(Challenge.Parse(text), challenge => Assert.NotEmpty(challenge.Scheme))),
        Parser.OfText("link", text => Assert.True(PageLinks.Find(s_page, text) is not { IsAbsoluteUri: false })),
        Parser.OfText("token", text =>
        {
            JsonWebToken.FindExpiry(text);
            JsonWebToken.FindText(text, "sub");
        }),
        Parser.OfText("value-key", text =>
        {
            if (ValueKey.TryParse(text, out var key))
                Assert.Equal(key.ToString(), ValueKey.Parse(key.ToString()!).ToString());
        }),
        Parser.OfText("mirrors", text => RegistryEnvironment.Apply(new RegistrySessionOptions(), _ => text, [])),
        Parser.OfText("reported-version", text =>
        {
            using var response = new HttpResponseMessage();
            ReportedVersion.Json("app.version").Read(response, text);
        }),
        Parser.OfText("docker-host", text => DockerEndpoint.Parse(text, "DOCKER_HOST")),
        Parser.OfText("cron", text => CronSchedule.Validate(text)),
        Parser.OfText("expression", text =>
        {
            if (ExpressionParser.TryParse(text, out var expression, out _))
                Assert.True(
                    ExpressionParser.TryParse(expression.ToString()!, out var again, out _) && again.ToString() == expression.ToString());
        }),
        Parser.OfText("macro", text =>
        {
            MacroParser.Parse(text, out _);
            MacroParser.RuntimeExpression(text);
        }),
    ];
}
