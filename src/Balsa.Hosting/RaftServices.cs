using Balsa.Hosting.Leading;
using Balsa.Hosting.Members;
using Balsa.Hosting.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Balsa.Hosting;

/// <summary>A replicated state in a .NET host.</summary>
public static class RaftServices
{
    /// <summary>
    /// Makes this process a member: it starts before and ends after what is registered later. Services get the state as
    /// <see cref="IReplica{TState}"/> and the member as <see cref="IRaftMember"/>; health checks get the check "raft".
    /// </summary>
    /// <param name="section">The section of the configuration with the <see cref="RaftSettings"/>.</param>
    public static IHostApplicationBuilder AddRaft<TState>(this IHostApplicationBuilder builder, string section = "Raft")
        where TState : class, new() => builder.AddRaft(RaftModel.Of<TState>(), section);

    /// <summary>The same with a model of your own.</summary>
    public static IHostApplicationBuilder AddRaft<TState>(
        this IHostApplicationBuilder builder, RaftModel<TState> model, string section = "Raft")
        where TState : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(model);
        if (builder.Services.Any(service => service.ServiceType == typeof(IRaftMember)))
        {
            throw new InvalidOperationException(
                "AddRaft was called before. A host is one member of one cluster: put both states into one class.");
        }

        builder.Services.AddOptions<RaftSettings>().Bind(builder.Configuration.GetSection(section)).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<RaftSettings>>(new SettingsValidation(section));
        builder.Services.AddSingleton(model);
        builder.Services.AddSingleton<HostedMember<TState>>();
        builder.Services.AddSingleton<IReplica<TState>>(services => services.GetRequiredService<HostedMember<TState>>());
        builder.Services.AddSingleton<IRaftMember>(services => services.GetRequiredService<HostedMember<TState>>());
        builder.Services.AddHostedService(services => services.GetRequiredService<HostedMember<TState>>());
        builder.Services.AddHealthChecks().AddCheck<MemberHealth>("raft");
        return builder;
    }

    /// <summary>Runs the service on the member that leads, and nowhere else.</summary>
    public static IServiceCollection AddLeaderService<TService>(this IServiceCollection services) where TService : LeaderService
    {
        services.TryAddSingleton<TService>();
        return services.AddHostedService(provider =>
        {
            var service = provider.GetRequiredService<TService>();
            var log = provider.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(TService).FullName!);
            service.Member = provider.GetService<IRaftMember>() ?? throw new InvalidOperationException(
                $"{typeof(TService).Name} needs a member that can lead, and there is none. Call AddRaft<TState>() as well.");
            service.Failed = problem => RaftLog.LeaderServiceFailed(log, typeof(TService).Name, problem);
            return service;
        });
    }
}
