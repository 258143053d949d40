using System.Globalization;
using Perennial.Server.Instances;
using Perennial.Server.Remote;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Perennial.Server.Declarations;

/// <summary>Reads a fleet file: YAML, bounded, without aliases and tags, each fault with its line.</summary>
internal static class ReadFleetFile
{
    /// <summary>Most bytes of a fleet file.</summary>
    public const int MaxLength = 16 * 1024 * 1024;

    private const int MaxDepth = 32;

    private static readonly (string Name, RestNoun Noun, Func<YamlFields, DeclaredObject> Read, string[] Known)[] Sections =
    [
        ("linkedHubs", RestNoun.LinkedHub, DeclareHub.Read, DeclareHub.Known),
        ("certificates", RestNoun.Certificate, DeclareCertificate.Read, DeclareCertificate.Known),
        ("enrollmentGroups", RestNoun.Group, fields => DeclareEnrollment.Read(RestNoun.Group, fields), DeclareEnrollment.KnownOfGroup),
        ("enrollments", RestNoun.Enrollment, fields => DeclareEnrollment.Read(RestNoun.Enrollment, fields), DeclareEnrollment.KnownOfDevice),
    ];

    public static FleetDeclaration Run(string file, string text)
    {
        try
        {
            Scan(file, text);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [var document]
                ? Read(file, document.RootNode)
                : throw new OperatorException($"{file}: wanted is one YAML document; there are {stream.Documents.Count}.");
        }
        catch (YamlException exception)
        {
            throw new OperatorException(string.Create(CultureInfo.InvariantCulture, $"{file}:{exception.Start.Line}: {exception.Message}"), exception);
        }
    }

    private static FleetDeclaration Read(string file, YamlNode root)
    {
        var fields = new YamlFields(file, root, [.. Sections.Select(section => section.Name)]);
        var (objects, sections) = (new List<DeclaredObject>(), new List<RestNoun>());
        foreach (var (name, noun, read, known) in Sections)
        {
            if (fields.Node(name) is not { } node)
            {
                continue;
            }

            sections.Add(noun);
            var items = node is YamlSequenceNode list ? list.Children : node is YamlScalarNode { Value: null or "" } ? [] : throw fields.Fault(name, "is a list: each item begins with '- '.");
            objects.AddRange(items.Select(item => read(new YamlFields(file, item, known))));
        }

        foreach (var repeated in objects.GroupBy(declared => declared.Noun.Named(declared.Id), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            throw new OperatorException(string.Create(
                CultureInfo.InvariantCulture, $"{file}:{repeated.ElementAt(1).Line}: {repeated.First().Noun.Named(repeated.ElementAt(1).Id)} is declared already in line {repeated.First().Line}."));
        }

        return new FleetDeclaration(objects, sections);
    }

    // What could make a small file large in memory, or deep, is refused before anything is built of it.
    private static void Scan(string file, string text)
    {
        var parser = new Parser(new StringReader(text));
        for (var depth = 0; parser.MoveNext();)
        {
            var (fault, change) = parser.Current switch
            {
                AnchorAlias => ("aliases (*name) are not taken; write it out.", 0),
                NodeEvent { Anchor.IsEmpty: false } => ("anchors (&name) are not taken; write it out.", 0),
                NodeEvent { Tag.IsEmpty: false } => ("tags (!name) are not taken.", 0),
                MappingStart or SequenceStart => (depth >= MaxDepth ? $"this is more than {MaxDepth} levels deep." : null, 1),
                MappingEnd or SequenceEnd => (null, -1),
                _ => (null, 0),
            };
            depth += change;
            if (fault is not null)
            {
                throw new OperatorException(string.Create(CultureInfo.InvariantCulture, $"{file}:{parser.Current!.Start.Line}: {fault}"));
            }
        }
    }
}
