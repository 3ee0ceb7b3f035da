using Mono.Cecil;

namespace StubAssemblies;

/// <summary>
/// An attribute that the compiler reads, as a fact: <c>[Full.Name(types of the constructor's parameters) arguments]</c>. The arguments are
/// as in an assembly, in hexadecimal; there are none where they are left out.
/// </summary>
internal sealed record AttributeFact(string Type, IReadOnlyList<string> Parameters, byte[] Arguments)
{
    private const string NoArguments = "01000000";

    private static readonly string[] _readByTheCompiler =
    [
        "AllowNull", "AsyncMethodBuilder", "AttributeUsage", "CallerArgumentExpression", "CallerFilePath", "CallerLineNumber",
        "CallerMemberName", "CollectionBuilder", "CompilerFeatureRequired", "Conditional", "DefaultMember", "DisallowNull",
        "DoesNotReturn", "DoesNotReturnIf", "Dynamic", "Experimental", "Extension", "Flags", "InterpolatedStringHandler",
        "InterpolatedStringHandlerArgument", "IsByRefLike", "IsReadOnly", "MaybeNull", "MaybeNullWhen", "MemberNotNull",
        "MemberNotNullWhen", "NotNull", "NotNullIfNotNull", "NotNullWhen", "Nullable", "NullableContext", "Obsolete",
        "OverloadResolutionPriority", "ParamCollection", "RequiredMember", "ScopedRef", "SetsRequiredMembers", "TupleElementNames",
    ];

    public static IEnumerable<string> Of(ICustomAttributeProvider provider) => provider.CustomAttributes
        .Where(attribute => IsReadByTheCompiler(attribute.AttributeType))
        .Select(attribute =>
        {
            var types = string.Join(',', attribute.Constructor.Parameters.Select(parameter => CecilNames.Of(parameter.ParameterType)));
            var arguments = Convert.ToHexString(attribute.GetBlob());
            return $"[{attribute.AttributeType.FullName}({types}){(arguments == NoArguments ? "" : $" {arguments}")}]";
        });

    public static AttributeFact Parse(string fact)
    {
        var (open, close) = (fact.IndexOf('('), fact.IndexOf(')'));
        var types = fact[(open + 1)..close];
        var arguments = fact[(close + 1)..^1].Trim();
        var hexadecimal = arguments.Length == 0 ? NoArguments : arguments;
        return new AttributeFact(fact[1..open], types.Length == 0 ? [] : types.Split(','), Convert.FromHexString(hexadecimal));
    }

    private static bool IsReadByTheCompiler(TypeReference type) =>
        type.Namespace.StartsWith("System", StringComparison.Ordinal) && _readByTheCompiler.Contains(type.Name[..^"Attribute".Length]);
}
