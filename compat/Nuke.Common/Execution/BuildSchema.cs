using System.Reflection;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Nuke.Common.Utilities;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Execution;

/// <summary>
/// The JSON schema of <c>parameters.json</c>, by which editors and shells know targets and parameters. It is the same, to the byte,
/// that NUKE writes, so that the file does not change with the feed.
/// </summary>
internal sealed class BuildSchema
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping
    };

    private static readonly string[] s_hosts =
    [
        "AppVeyor", "AzurePipelines", "Bamboo", "Bitbucket", "Bitrise", "GitHubActions", "GitLab", "Jenkins",
        "Rider", "SpaceAutomation", "TeamCity", "Terminal", "TravisCI", "VisualStudio", "VSCode"
    ];

    private readonly NukeBuild _build;
    private readonly JsonObject _definitions = [];

    private BuildSchema(NukeBuild build) => _build = build;

    public static void Update(NukeBuild build)
    {
        var directory = Constants.DirectoryOf(NukeBuild.RootDirectory);
        WriteIfChanged(directory / Constants.BuildSchemaFileName, Create(build));

        var parametersFile = directory / "parameters.json";
        if (!parametersFile.FileExists())
            WriteIfChanged(parametersFile, $"{{\n  \"$schema\": \"./{Constants.BuildSchemaFileName}\"\n}}");
    }

    public static string Create(NukeBuild build) => new BuildSchema(build).Create();

    private string Create()
    {
        var parameters = InjectionMembers.ParametersOf(_build.GetType(), includeUnlisted: true)
            .Select(x => (Name: ParameterService.GetMemberName(x), IsOwn: x.DeclaringType != typeof(NukeBuild), Schema: Describe(x)))
            // Every build of NUKE's has it; here it does nothing, and thus is none.
            .Append((Name: "Partition", IsOwn: false,
                Schema: new JsonObject { ["type"] = "string", ["description"] = "Partition to use on CI" }))
            .OrderBy(x => x.Name, StringComparer.CurrentCulture)
            .ToList();

        _definitions[nameof(NukeBuild)] = new JsonObject { ["properties"] = Properties(isOwn: false) };
        return new JsonObject
        {
            ["$schema"] = "http://json-schema.org/draft-04/schema#",
            ["definitions"] = _definitions,
            ["allOf"] = new JsonArray(new JsonObject { ["properties"] = Properties(isOwn: true) }, Reference(nameof(NukeBuild)))
        }.ToJsonString(s_options);

        JsonObject Properties(bool isOwn)
            => new(parameters
                .Where(x => x.IsOwn == isOwn)
                // A class and a component may both declare it: NUKE keeps the last.
                .GroupBy(x => x.Name, (name, same) => KeyValuePair.Create(name, (JsonNode)same.Last().Schema)));
    }

    private JsonObject Describe(MemberInfo parameter)
    {
        var type = parameter.GetMemberType();
        var isNullable = Nullable.GetUnderlyingType(type) != null;
        var typeSchema = DescribeType(parameter, type);

        var schema = new JsonObject();
        if (typeSchema["type"]?.GetValue<string>() is { } name)
            schema["type"] = isNullable ? Strings(new[] { name, "null" }.Order(StringComparer.Ordinal)) : name;
        if (ParameterService.GetDescription(parameter) is { } description)
            schema["description"] = description;
        if (parameter.HasCustomAttribute<SecretAttribute>())
            schema["default"] = $"Secrets must be entered via '{Product.Command} :secrets [profile]'";
        foreach (var (key, value) in typeSchema.Where(x => x.Key != "type"))
            schema[key] = value?.DeepClone();
        return schema;
    }

    private JsonObject DescribeType(MemberInfo parameter, Type type)
    {
        if (parameter.DeclaringType == typeof(NukeBuild) && DescribeOwnType(parameter.Name) is { } own)
            return own;
        if (ParameterService.GetAttribute(parameter).GetType() != typeof(ParameterAttribute))
            return new JsonObject { ["type"] = "string" };

        var values = type.IsEnum ? null : ParameterService.GetValueSet(parameter, _build);
        var scalar = values != null ? Enumerate(values) : DescribeScalar(type.GetScalarType());
        return type.IsCollectionLike() ? new JsonObject { ["type"] = "array", ["items"] = scalar } : scalar;
    }

    private JsonObject DescribeOwnType(string name)
        => name switch
        {
            nameof(NukeBuild.Host) => Define("Host", Enumerate(s_hosts.Order(StringComparer.CurrentCulture))),
            nameof(NukeBuild.InvokedTargets) or nameof(NukeBuild.SkippedTargets) => new JsonObject
            {
                ["type"] = "array",
                ["items"] = Define(nameof(ExecutableTarget), Enumerate(TargetNames()))
            },
            _ => null
        };

    private IEnumerable<string> TargetNames()
        => ExecutableTargetFactory.GetProperties(_build.GetType())
            .Select(x => x.GetDisplayShortName())
            .Order(StringComparer.CurrentCulture);

    private JsonObject DescribeScalar(Type type)
        => Type.GetTypeCode(type) switch
        {
            _ when type.IsEnum => Define(type.Name, new JsonObject
            {
                ["type"] = "string",
                ["description"] = XmlSummary.Of(type),
                ["enum"] = Strings(type.GetEnumNames())
            }),
            TypeCode.Boolean => new JsonObject { ["type"] = "boolean" },
            TypeCode.Int32 => new JsonObject { ["type"] = "integer", ["format"] = "int32" },
            TypeCode.Int64 => new JsonObject { ["type"] = "integer", ["format"] = "int64" },
            TypeCode.Single => new JsonObject { ["type"] = "number", ["format"] = "float" },
            TypeCode.Double => new JsonObject { ["type"] = "number", ["format"] = "double" },
            TypeCode.Decimal => new JsonObject { ["type"] = "number", ["format"] = "decimal" },
            TypeCode.DateTime => new JsonObject { ["type"] = "string", ["format"] = "date-time" },
            _ when type == typeof(TimeSpan) => new JsonObject { ["type"] = "string", ["format"] = "duration" },
            _ when type == typeof(Uri) => new JsonObject { ["type"] = "string", ["format"] = "uri" },
            _ when type == typeof(Guid) => new JsonObject { ["type"] = "string", ["format"] = "guid" },
            _ => new JsonObject { ["type"] = "string" }
        };

    private static JsonObject Enumerate(IEnumerable<string> values) => new() { ["type"] = "string", ["enum"] = Strings(values) };

    private JsonObject Define(string name, JsonObject schema)
    {
        _definitions.TryAdd(name, schema);
        return Reference(name);
    }

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/definitions/{name}" };

    private static JsonArray Strings(IEnumerable<string> values) => new(values.Select(x => (JsonNode)x).ToArray());

    private static void WriteIfChanged(AbsolutePath file, string content)
    {
        content += "\n";
        if (!file.FileExists() || file.ReadAllText() != content)
            File.WriteAllText(file, content, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }
}
