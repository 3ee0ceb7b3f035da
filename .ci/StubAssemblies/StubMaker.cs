using Mono.Cecil;
using Mono.Cecil.Cil;

namespace StubAssemblies;

/// <summary>Makes assemblies of all types and members of a listing. What is called throws.</summary>
internal sealed class StubMaker
{
    private readonly Framework _framework;
    private readonly Facts _facts;
    private readonly IReadOnlyList<(string Assembly, string Namespace)> _division;
    private readonly TypeFinder _types;
    private readonly Dictionary<string, ModuleDefinition> _modules;

    /// <param name="division">The assemblies, each with the start of the names of the types that go into it.</param>
    public StubMaker(Framework framework, Facts facts, IReadOnlyList<(string Assembly, string Namespace)> division)
    {
        (_framework, _facts, _division) = (framework, facts, division);
        _types = new TypeFinder(framework, facts);
        var parameters = new ModuleParameters { Kind = ModuleKind.Dll, MetadataResolver = new StubResolver(_types, framework) };
        _modules = division.ToDictionary(part => part.Assembly, part => AssemblyDefinition
            .CreateAssembly(new AssemblyNameDefinition(part.Assembly, new Version(1, 0)), part.Assembly, parameters).MainModule);
    }

    public IEnumerable<ModuleDefinition> Make(IReadOnlyList<ListedLine> lines)
    {
        var types = lines.OfType<ListedType>().Concat(_facts.Unlisted).ToList();
        // Outer types come before those in them.
        foreach (var type in types.OrderBy(type => TypeName.WithoutArguments(type.Name).Length))
            Declare(type);
        types.ForEach(Derive);
        foreach (var member in lines.OfType<ListedMember>())
            AddMember(member);
        types.ForEach(type => Implement(_types.Own(type.Name)));
        foreach (var type in types)
            Describe(_types.Own(type.Name), _facts.Of('T', type.Name));
        return _modules.Values;
    }

    private void Declare(ListedType listed)
    {
        var path = TypeName.WithoutArguments(listed.Name);
        var name = path[(path.LastIndexOf('.') + 1)..];
        var generics = TypeName.Arguments(listed.Name);
        var outer = FindOuter(path[..^(name.Length + 1)], generics.Count);
        var own = generics.Count - (outer?.GenericParameters.Count ?? 0);
        var type = new TypeDefinition(outer is null ? path[..^(name.Length + 1)] : "", own > 0 ? $"{name}`{own}" : name, KindOf(listed, outer is not null));
        foreach (var generic in generics)
            type.GenericParameters.Add(new GenericParameter(generic, type));
        if (outer is not null)
            outer.NestedTypes.Add(type);
        else
            ModuleOf(type.Namespace).Types.Add(type);
        _types.Add(listed.Name, type);
    }

    // A type in a generic type has the parameters of that, too.
    private TypeDefinition? FindOuter(string path, int generics) => Enumerable.Range(0, generics + 1).Reverse()
        .Select(count => _types.FindOwn($"{path}`{count}")).FirstOrDefault(type => type is not null);

    private ModuleDefinition ModuleOf(string @namespace) =>
        _modules[_division.Where(part => $"{@namespace}.".StartsWith(part.Namespace, StringComparison.Ordinal)).MaxBy(part => part.Namespace.Length).Assembly];

    private TypeAttributes KindOf(ListedType listed, bool nested)
    {
        var words = _facts.Of('T', listed.Name).ToList();
        var visibility = !nested ? TypeAttributes.Public : words.Contains("protected") ? TypeAttributes.NestedFamily : TypeAttributes.NestedPublic;
        return visibility | (words.Contains("sealed") ? TypeAttributes.Sealed : 0) | listed.Kind switch
        {
            "interface" => TypeAttributes.Interface | TypeAttributes.Abstract,
            "static class" => TypeAttributes.Abstract | TypeAttributes.Sealed,
            "abstract class" => TypeAttributes.Abstract,
            "class" => 0,
            "struct" or "enum" or "delegate" => TypeAttributes.Sealed,
            _ => throw new FormatException($"{listed.Name} is listed as {listed.Kind}."),
        };
    }

    private void Derive(ListedType listed)
    {
        var type = _types.Own(listed.Name);
        type.BaseType = listed.Kind switch
        {
            "interface" => null,
            "enum" => type.Module.ImportReference(_framework["System.Enum"]),
            "struct" => type.Module.ImportReference(_framework["System.ValueType"]),
            "delegate" => type.Module.ImportReference(_framework["System.MulticastDelegate"]),
            _ => type.Module.ImportReference(_framework["System.Object"]),
        };
        foreach (var @base in listed.Bases.Select(name => _types.Find(name, type.Module, type)))
        {
            if (IsInterface(@base))
                type.Interfaces.Add(new InterfaceImplementation(@base));
            else
                type.BaseType = @base;
        }
        if (listed.Kind == "enum")
            type.Fields.Add(new FieldDefinition("value__", FieldAttributes.Public | FieldAttributes.SpecialName | FieldAttributes.RTSpecialName,
                _types.Find(_facts.Of('T', listed.Name).Select(fact => fact.Split(' ')).FirstOrDefault(words => words[0] == "underlying")?[1] ?? "System.Int32", type.Module)));
    }

    // Types of other packages are not at hand; their names say what they are.
    private bool IsInterface(TypeReference type)
    {
        var key = CecilNames.KeyOf(type.GetElementType());
        return (_types.FindOwn(key) ?? _framework.Find(key)) is { } known ? known.IsInterface : type.Name is ['I', >= 'A' and <= 'Z', ..];
    }

    // Members of types that are not listed themselves are left out: nothing says what their types are.
    private void AddMember(ListedMember member)
    {
        if (_types.FindOwn(TypeName.Key(member.Type)) is not { } type)
            return;
        switch (member)
        {
            case ListedMethod method: AddMethod(type, method); break;
            case ListedProperty property: AddProperty(type, property); break;
            case ListedField field: AddField(type, field); break;
            case ListedEvent @event: AddEvent(type, @event); break;
        }
    }

    // A class implements what its interfaces ask for. What it does not list it implements explicitly: a listing has public members only.
    private void Implement(TypeDefinition type)
    {
        if (type.IsInterface)
            return;
        var asked = type.Interfaces.Select(implemented => _types.FindOwn(CecilNames.KeyOf(implemented.InterfaceType))).OfType<TypeDefinition>()
            .SelectMany(@interface => @interface.Methods).Where(method => method is { IsAbstract: true, IsStatic: false });
        foreach (var method in asked.Where(method => !HasPublic(type, CecilNames.SignatureOf(method))))
        {
            var implementation = new MethodDefinition($"{method.DeclaringType.FullName}.{method.Name}", MethodAttributes.Private | MethodAttributes.Virtual
                | MethodAttributes.Final | MethodAttributes.NewSlot | MethodAttributes.HideBySig, method.ReturnType);
            foreach (var generic in method.GenericParameters)
                implementation.GenericParameters.Add(new GenericParameter(generic.Name, implementation));
            implementation.ReturnType = _types.Find(CecilNames.Of(method.ReturnType), type.Module, implementation);
            foreach (var parameter in method.Parameters)
                implementation.Parameters.Add(new ParameterDefinition(_types.Find(CecilNames.Of(parameter.ParameterType), type.Module, implementation)));
            implementation.Overrides.Add(type.Module == method.Module ? method : type.Module.ImportReference(method));
            type.Methods.Add(implementation);
            ThrowIn(implementation);
        }
    }

    private bool HasPublic(TypeDefinition type, string signature) =>
        type.Methods.Any(method => method is { IsPublic: true, IsStatic: false } && CecilNames.SignatureOf(method) == signature)
        || (_types.FindOwn(CecilNames.KeyOf(type.BaseType.GetElementType())) is { } @base && HasPublic(@base, signature));

    private void AddMethod(TypeDefinition type, ListedMethod listed)
    {
        var words = _facts.Of('M', listed.Type, listed.Name, listed.Signature).ToList();
        var method = new MethodDefinition(listed.Name, AttributesOf(type, listed.Modifiers, words), _framework["System.Void"]);
        if (listed.Name == ".ctor")
            method.Attributes |= MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        else if (listed.Name.StartsWith("op_", StringComparison.Ordinal))
            method.Attributes |= MethodAttributes.SpecialName | MethodAttributes.Static;
        foreach (var generic in listed.Generics)
            method.GenericParameters.Add(new GenericParameter(generic, method));
        type.Methods.Add(method);
        method.ReturnType = _types.Find(listed.Returns, type.Module, method, type);
        foreach (var parameter in listed.Parameters)
            method.Parameters.Add(ParameterOf(method, listed, parameter));
        if (type.BaseType?.FullName == "System.MulticastDelegate")
            method.ImplAttributes = MethodImplAttributes.Runtime | MethodImplAttributes.Managed;
        else
            ThrowIn(method);
        Describe(method, words);
        Describe(method.MethodReturnType, _facts.Of('M', listed.Type, listed.Name, listed.Signature, "return"), type.Module);
    }

    private ParameterDefinition ParameterOf(MethodDefinition method, ListedMethod listed, ListedParameter parameter)
    {
        var type = _types.Find(parameter.Type, method.Module, method, method.DeclaringType);
        var words = _facts.Of('M', listed.Type, listed.Name, listed.Signature, parameter.Name).ToList();
        var definition = new ParameterDefinition(parameter.Name, ParameterAttributes.None, parameter.Passing.Length > 0 ? new ByReferenceType(type) : type)
        {
            IsOut = parameter.Passing == "out",
            IsIn = words.Contains("in"),
        };
        if (parameter.Default is { } value)
        {
            definition.Constant = Constants.ParseListed(value, parameter.Type);
            definition.Attributes |= ParameterAttributes.Optional;
        }
        if (parameter.IsParams && !words.Exists(word => word.Contains("ParamCollection")))
            Describe(definition, ["[System.ParamArrayAttribute()]"], method.Module);
        Describe(definition, words, method.Module);
        return definition;
    }

    private void AddProperty(TypeDefinition type, ListedProperty listed)
    {
        var words = _facts.Of('P', listed.Type, listed.Name, listed.Name).ToList();
        var property = new PropertyDefinition(listed.Name, PropertyAttributes.None, _types.Find(listed.PropertyType, type.Module, type));
        var index = words.Find(word => word.StartsWith("index ", StringComparison.Ordinal)) is { } indexed ? indexed["index ".Length..].Split(", ") : [];
        var attributes = AttributesOf(type, listed.Modifiers, words) | MethodAttributes.SpecialName;
        if (listed.Get)
            property.GetMethod = AddAccessor($"get_{listed.Name}", attributes, property.PropertyType, []);
        if (listed.Set)
        {
            var init = words.Contains("init");
            var returns = type.Module.ImportReference(_framework["System.Void"]);
            var visibility = words.Contains("protected set") ? (attributes & ~MethodAttributes.MemberAccessMask) | MethodAttributes.Family : attributes;
            property.SetMethod = AddAccessor($"set_{listed.Name}", visibility, init
                ? new RequiredModifierType(type.Module.ImportReference(_framework["System.Runtime.CompilerServices.IsExternalInit"]), returns)
                : returns, [property.PropertyType]);
        }
        type.Properties.Add(property);
        Describe(property, words, type.Module);

        MethodDefinition AddAccessor(string name, MethodAttributes accessor, TypeReference returns, TypeReference[] value)
        {
            var method = new MethodDefinition(name, accessor, returns);
            foreach (var parameter in index.Select(parameter => parameter.Split(' ')))
                method.Parameters.Add(new ParameterDefinition(parameter[1], ParameterAttributes.None, _types.Find(parameter[0], type.Module, type)));
            foreach (var parameter in value)
                method.Parameters.Add(new ParameterDefinition("value", ParameterAttributes.None, parameter));
            type.Methods.Add(method);
            ThrowIn(method);
            return method;
        }
    }

    private void AddField(TypeDefinition type, ListedField listed)
    {
        var words = _facts.Of('F', listed.Type, listed.Name, listed.Name).ToList();
        var field = new FieldDefinition(listed.Name, FieldAttributes.Public, _types.Find(listed.FieldType, type.Module, type));
        if (words.Find(word => word.StartsWith("const ", StringComparison.Ordinal)) is { } constant)
        {
            field.Attributes |= FieldAttributes.Static | FieldAttributes.Literal;
            var valueType = type.IsEnum ? type.Fields[0].FieldType.FullName : listed.FieldType;
            field.Constant = Constants.Parse(constant["const ".Length..], valueType);
        }
        field.IsStatic |= words.Exists(word => word.StartsWith("static", StringComparison.Ordinal));
        field.IsInitOnly = words.Exists(word => word.EndsWith("readonly", StringComparison.Ordinal));
        type.Fields.Add(field);
        Describe(field, words, type.Module);
    }

    private void AddEvent(TypeDefinition type, ListedEvent listed)
    {
        var @event = new EventDefinition(listed.Name, EventAttributes.None, _types.Find(listed.EventType, type.Module, type));
        var words = _facts.Of('E', listed.Type, listed.Name, listed.Name).ToList();
        var attributes = AttributesOf(type, new Modifiers(false, false, false, false), words) | MethodAttributes.SpecialName;
        @event.AddMethod = AddAccessor("add_");
        @event.RemoveMethod = AddAccessor("remove_");
        type.Events.Add(@event);

        MethodDefinition AddAccessor(string prefix)
        {
            var method = new MethodDefinition(prefix + listed.Name, attributes, type.Module.ImportReference(_framework["System.Void"]));
            method.Parameters.Add(new ParameterDefinition("value", ParameterAttributes.None, @event.EventType));
            type.Methods.Add(method);
            ThrowIn(method);
            return method;
        }
    }

    private static MethodAttributes AttributesOf(TypeDefinition type, Modifiers listed, List<string> words)
    {
        var attributes = MethodAttributes.HideBySig
            | (listed.Protected || words.Contains("protected") ? MethodAttributes.Family : MethodAttributes.Public);
        var isStatic = listed.Static || words.Exists(word => word is "static" or "static abstract");
        if (isStatic)
            attributes |= MethodAttributes.Static;
        if (type.IsInterface)
        {
            var hasBody = words.Contains("default") || words.Contains("static");
            return attributes
                | (hasBody ? 0 : MethodAttributes.Abstract)
                | (words.Contains("static") ? 0 : MethodAttributes.Virtual)
                | (isStatic ? 0 : MethodAttributes.NewSlot);
        }
        if (words.Contains("sealed override"))
            return attributes | MethodAttributes.Virtual | MethodAttributes.Final;
        if (listed.Abstract || listed.Virtual)
            attributes |= MethodAttributes.Virtual
                | (listed.Abstract ? MethodAttributes.Abstract : 0)
                | (words.Contains("override") ? MethodAttributes.ReuseSlot : MethodAttributes.NewSlot);
        return attributes;
    }

    private static void ThrowIn(MethodDefinition method)
    {
        if (method.IsAbstract)
            return;
        var body = method.Body.GetILProcessor();
        body.Emit(OpCodes.Ldnull);
        body.Emit(OpCodes.Throw);
    }

    private void Describe(MethodDefinition method, List<string> words)
    {
        foreach (var where in words.Where(word => word.StartsWith("where ", StringComparison.Ordinal)))
            Constrain(method, where, method.Module, method, method.DeclaringType);
        Describe(method, words, method.Module);
    }

    private void Describe(TypeDefinition type, IEnumerable<string> words)
    {
        var all = words.ToList();
        foreach (var where in all.Where(word => word.StartsWith("where ", StringComparison.Ordinal)))
            Constrain(type, where, type.Module, type);
        Describe(type, all, type.Module);
    }

    private void Describe(ICustomAttributeProvider provider, IEnumerable<string> words, ModuleDefinition module)
    {
        foreach (var attribute in words.Where(word => word[0] == '[').Select(AttributeFact.Parse))
        {
            var constructor = new MethodReference(".ctor", module.ImportReference(_framework["System.Void"]), AttributeType(attribute.Type, module)) { HasThis = true };
            foreach (var parameter in attribute.Parameters)
                constructor.Parameters.Add(new ParameterDefinition(_types.Find(parameter, module)));
            provider.CustomAttributes.Add(new CustomAttribute(constructor, attribute.Arguments));
        }
    }

    // What compilers write into assemblies themselves (Nullable, …) the framework does not have.
    private TypeReference AttributeType(string name, ModuleDefinition module)
    {
        if (_framework.Find($"{name}`0") is { } known)
            return module.ImportReference(known);
        if (module.GetType(name) is { } made)
            return made;
        var dot = name.LastIndexOf('.');
        var type = new TypeDefinition(name[..dot], name[(dot + 1)..], TypeAttributes.NotPublic, module.ImportReference(_framework["System.Attribute"]));
        module.Types.Add(type);
        return type;
    }

    // where T : class, struct, new(), in, out, [attribute], Type
    private void Constrain(IGenericParameterProvider provider, string where, ModuleDefinition module, params ReadOnlySpan<IGenericParameterProvider> scope)
    {
        var colon = where.IndexOf(" : ", StringComparison.Ordinal);
        if (provider.GenericParameters.FirstOrDefault(parameter => parameter.Name == where["where ".Length..colon]) is not { } parameter)
            return;
        foreach (var constraint in where[(colon + 3)..].Split(", "))
        {
            switch (constraint)
            {
                case "out": parameter.IsCovariant = true; break;
                case "in": parameter.IsContravariant = true; break;
                case "class": parameter.HasReferenceTypeConstraint = true; break;
                case "new()": parameter.HasDefaultConstructorConstraint = true; break;
                case "struct":
                    parameter.HasNotNullableValueTypeConstraint = true;
                    parameter.HasDefaultConstructorConstraint = true;
                    parameter.Constraints.Add(new GenericParameterConstraint(module.ImportReference(_framework["System.ValueType"])));
                    break;
                case ['[', ..]: Describe(parameter, [constraint], module); break;
                default: parameter.Constraints.Add(new GenericParameterConstraint(_types.Find(constraint, module, scope))); break;
            }
        }
    }
}
